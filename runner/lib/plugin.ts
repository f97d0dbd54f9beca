import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import { drain } from './drain.js';
import { readOptions, type RunnerOptions } from './options.js';
import { buildServer, type Server } from './server.js';

/** What the plugin takes: as {@link RunnerOptions}, without where to listen. */
export type RunnerPluginOptions = Omit<RunnerOptions, 'host' | 'port' | 'allowUnprotected'> & {
  /** How long attached clients may finish when the server is closed, in milliseconds. Default 10 s. */
  graceMs?: number;
};

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/**
 * A runner inside an operator's own Fastify server, below the `prefix` that it is registered with.
 *
 * It answers there with its own router, credentials and error envelopes. Hooks for `onRequest` that the server had
 * before it still run first; upgrades below the prefix are the runner's alone.
 *
 * @example
 * await server.register(runnerPlugin, { prefix: '/boxlite', runtime, apiKey });
 */
export const runnerPlugin: FastifyPluginAsync<RunnerPluginOptions> = async (outer, options) => {
  const { graceMs = 10_000, ...rest } = options;
  const known = Object.fromEntries(
    Object.entries(rest).filter(([name]) => name !== 'prefix' && name !== 'logLevel'),
  );
  const plan = readOptions(known as unknown as RunnerOptions);
  const inner = await buildServer({ ...plan, basePath: outer.prefix });
  hand(outer, inner);
  const onUpgrade = upgradeHandler(outer, inner);
  outer.server.on('upgrade', onUpgrade);
  outer.addHook('preClose', async () => {
    await drain(inner, graceMs);
    outer.server.off('upgrade', onUpgrade);
  });
};

/** Hands every request below the prefix over before its body is read. */
function hand(outer: FastifyInstance, { app }: Server): void {
  for (const url of ['/', '/*']) {
    outer.route({
      method: [...methods],
      url,
      exposeHeadRoute: false,
      schema: { hide: true },
      onRequest: (request, reply) => {
        reply.hijack();
        request.raw.url = inside(outer.prefix, request.raw.url ?? '/');
        app.routing(request.raw, reply.raw);
      },
      handler: () => undefined,
    });
  }
}

function upgradeHandler(outer: FastifyInstance, { app }: Server) {
  return (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const url = request.url ?? '/';
    if (url !== outer.prefix && !url.startsWith(`${outer.prefix}/`)) return;
    request.url = inside(outer.prefix, url);
    app.server.emit('upgrade', request, socket, head);
  };
}

function inside(prefix: string, url: string): string {
  const rest = url.slice(prefix.length);
  return rest.startsWith('/') ? rest : `/${rest}`;
}
