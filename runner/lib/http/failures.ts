import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../service.js';
import { errorAnswer, errorBody } from './error-answer.js';
import type { Admit } from './guards.js';
import { HttpError } from './http-error.js';
import type { RouteTable } from './route-table.js';

/** Gives every failure its envelope, whoever produced it. */
export function addFailures(app: App, routes: RouteTable): void {
  app.setErrorHandler((error: unknown, request, reply) => answerFailure(error, request, reply));
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const allowed = routes.methodsOf(path);
    const error =
      allowed.length > 0
        ? HttpError.wrongMethod(request.method, path, allowed)
        : HttpError.notFound(`there is no route ${request.method} ${path.slice(0, 200)}`);
    return answerFailure(error, request, reply);
  });
}

/** What the router refuses before any hook has run: such a caller must show its credential all the same. */
export function answerRouterError(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
  admit: Admit,
): void {
  void reply.header('x-request-id', request.id);
  try {
    admit(request);
    void answerFailure(HttpError.invalid(error.message), request, reply);
  } catch (refusal) {
    void answerFailure(refusal, request, reply);
  }
}

function answerFailure(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const answer = errorAnswer(isRefusal(error) ? HttpError.invalid(error.message, error.statusCode) : error);
  if (answer.status >= 500) request.log.error({ err: error }, 'a request failed');
  else request.log.info({ status: answer.status, code: answer.code }, answer.message);
  return reply.code(answer.status).headers(answer.headers).send(errorBody(answer, request.id));
}

/** What Fastify itself finds wrong with a request. */
function isRefusal(error: unknown): error is FastifyError & { statusCode: number } {
  if (error instanceof HttpError || !(error instanceof Error)) return false;
  const { statusCode, code } = error as Partial<FastifyError>;
  return (
    code?.startsWith('FST_') === true && statusCode !== undefined && statusCode >= 400 && statusCode < 500
  );
}
