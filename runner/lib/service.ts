import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { BoxDirectory } from './boxes/box-directory.js';
import type { ExecutionRegistry } from './exec/registry.js';
import type { Consumer } from './exec/execution-record.js';
import type { Reaper } from './exec/reaper.js';
import type { EmptyBody } from './http/json-body.js';
import type { RunnerPlan } from './options.js';

/** A client that is attached. */
export interface Session extends Consumer {
  /** Resolves when it is gone. */
  readonly closed: Promise<void>;
  /** Sends it away; it may come back. */
  giveUp(reason: string): void;
}

/** What all routes of one runner share. */
export interface Service {
  plan: RunnerPlan;
  registry: ExecutionRegistry;
  reaper: Reaper;
  boxes: BoxDirectory;
  sessions: Set<Session>;
  log: FastifyBaseLogger;
  /** Whether it is being closed: what runs may finish, nothing new begins. */
  draining: boolean;
}

/** The server that routes are added to. */
export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

declare module 'fastify' {
  interface FastifyRequest {
    /** The JSON body as it came, empty where there is none. */
    bodyText: string;
  }
  interface FastifyContextConfig {
    /** Needs no credential. */
    open?: boolean;
    /** Takes a JSON object as body. */
    json?: EmptyBody;
    /** Begins something new, which a runner that is being closed refuses. */
    begins?: boolean;
    /** Is carried out once for each idempotency key. */
    keyed?: boolean;
    /** May be upgraded to a WebSocket. */
    upgrades?: boolean;
  }
}
