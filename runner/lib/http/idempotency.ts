import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App, Service } from '../service.js';
import { AnswerMemory, type KnownAnswer, type Settle } from './answer-memory.js';
import type { ErrorBody } from './error-answer.js';
import { HttpError } from './http-error.js';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Requests that carry an `idempotency-key` are carried out once, however often they come. */
export function addIdempotency(app: App, { plan }: Service): void {
  const { idempotencyMs, idempotencyBytes } = plan.limits;
  if (idempotencyMs === 0) return;
  const memory = new AnswerMemory(plan.clock, idempotencyMs, idempotencyBytes);
  const first = new WeakMap<IncomingMessage, Settle>();

  // After the body was read, before anything in it is judged: a refusal is an answer as well.
  app.addHook('preValidation', async (request, reply) => {
    const key = request.routeOptions.config.keyed ? readKey(request) : undefined;
    if (key === undefined) return;
    const known = await memory.recall(scopeOf(request, key), payloadOf(request));
    if (typeof known !== 'function') return giveAgain(known, request, reply);
    first.set(request.raw, known);
  });

  app.addHook('onSend', (request, reply, payload, done) => {
    const location = reply.getHeader('location');
    const settle = first.get(request.raw);
    first.delete(request.raw);
    settle?.({
      status: reply.statusCode,
      body: typeof payload === 'string' ? payload : '',
      location: typeof location === 'string' ? location : undefined,
    });
    done();
  });
}

/** @throws HttpError 400 for a key that is no UUID. */
function readKey({ headers }: FastifyRequest): string | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && uuid.test(key.toLowerCase())) return key.toLowerCase();
  throw HttpError.invalid('idempotency-key must be a UUID');
}

/** A key counts for one credential, method and path. A digest: the memory holds no credentials. */
function scopeOf({ headers, method, originalUrl }: FastifyRequest, key: string): string {
  return digest([headers.authorization ?? '', method, originalUrl.split('?', 1)[0] ?? '', key]);
}

function payloadOf({ bodyText, originalUrl }: FastifyRequest): string {
  const [, query = ''] = originalUrl.split('?', 2);
  return digest([query, bodyText]);
}

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64');
}

function giveAgain(
  { status, body, location }: KnownAnswer,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  request.log.info({ status }, 'a request was answered as before');
  if (location !== undefined) void reply.header('location', location);
  void reply.code(status);
  if (body === '') return reply.send();
  return reply.type('application/json; charset=utf-8').send(status < 400 ? body : named(body, request.id));
}

/** An error's envelope names the request that it answers. */
function named(body: string, requestId: string): string {
  const { error } = JSON.parse(body) as ErrorBody;
  return JSON.stringify({ error: { ...error, request_id: requestId } } satisfies ErrorBody);
}
