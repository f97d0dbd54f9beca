import type { Runtime } from 'boxlite-ffi';
import { InvalidArgumentError } from 'boxlite-ffi';
import type { FastifyBaseLogger } from 'fastify';
import type { LoggerOptions } from 'pino';
import { systemClock, type Clock } from './clock.js';
import { readLimits, type Limits } from './limits.js';

/** How a runner is made. Everything but the runtime has a default. */
export interface RunnerOptions {
  /** What it serves. It stays the caller's: `close()` ends executions, not the runtime. */
  runtime: Runtime;
  /** Where it listens. Default `127.0.0.1`; anything but a loopback address needs an `apiKey`. */
  host?: string;
  /** Default 8100; 0: any free port. */
  port?: number;
  /** The bearer token that callers must show. Default: none, everybody may come in. */
  apiKey?: string;
  /** The one routing prefix it serves beside none, and tells in `/v1/me`. Default: any is accepted and ignored. */
  pathPrefix?: string;
  /** What differs from the defaults of {@link Limits}. */
  limits?: Partial<Limits>;
  /** true: pino to standard output; a pino instance; or pino's options. Default false. */
  logger?: boolean | FastifyBaseLogger | LoggerOptions;
  /** Lets it listen beyond loopback without a key. Default false. */
  allowUnprotected?: boolean;
}

/** The options, checked, with every default filled in. */
export interface RunnerPlan {
  runtime: Runtime;
  host: string;
  port: number;
  apiKey: string | undefined;
  pathPrefix: string | undefined;
  limits: Limits;
  logger: boolean | FastifyBaseLogger | LoggerOptions;
  allowUnprotected: boolean;
  /** Where it is mounted in another server, empty for one of its own. */
  basePath: string;
  clock: Clock;
}

/** @throws InvalidArgumentError naming the option and what was expected. */
export function readOptions(options: RunnerOptions, clock: Clock = systemClock): RunnerPlan {
  const runtime = options.runtime as Runtime | undefined;
  if (typeof runtime?.create !== 'function')
    throw new InvalidArgumentError('runtime must be an open Runtime');
  const {
    host = '127.0.0.1',
    port = 8100,
    apiKey,
    pathPrefix,
    logger = false,
    allowUnprotected = false,
  } = options;
  if (typeof host !== 'string' || host === '')
    throw new InvalidArgumentError('host must be a name or an address');
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new InvalidArgumentError(`port must be a whole number from 0 to 65535, got ${String(port)}`);
  }
  // An empty key would be no key at all; whoever sets one means to be protected.
  if (apiKey !== undefined && (typeof apiKey !== 'string' || !/^[\x21-\x7e]+$/.test(apiKey))) {
    throw new InvalidArgumentError('apiKey must be a string of visible ASCII characters');
  }
  return {
    runtime,
    host,
    port,
    apiKey,
    pathPrefix: checkPrefix(pathPrefix),
    limits: readLimits(options.limits),
    logger,
    allowUnprotected,
    basePath: '',
    clock,
  };
}

function checkPrefix(prefix: string | undefined): string | undefined {
  if (prefix === undefined || prefix === '') return undefined;
  const segments = prefix.split('/');
  const reserved = ['boxes', 'images', 'volumes', 'metrics'];
  if (segments.some((segment) => segment === '' || reserved.includes(segment)) || /[?#\s]/.test(prefix)) {
    throw new InvalidArgumentError(
      `pathPrefix must be segments as 'team' or 'region/team', none of them ${reserved.join(', ')}, got '${prefix}'`,
    );
  }
  return prefix;
}

/** Whether only this machine can reach an address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
