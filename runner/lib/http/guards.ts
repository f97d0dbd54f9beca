import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App, Service } from '../service.js';
import { Authenticator } from './auth.js';
import { HttpError } from './http-error.js';
import { readJsonBody } from './json-body.js';
import { servesPrefix } from './prefix.js';
import { limitStalls } from './stalls.js';

/** The longest URL that is looked at. */
const urlBytes = 8 * 1024;

/** Asks every request for its credential; also where the router itself refuses one. */
export type Admit = (request: FastifyRequest) => void;

/**
 * What every request must pass before its route sees it, in this order: credential, prefix, length, whether anything
 * new may begin, whether it may be upgraded, and its body.
 *
 * @param prefixOf - The prefix that was taken out of a request's URL.
 */
export function addGuards(app: App, service: Service, prefixOf: (request: FastifyRequest) => string): Admit {
  const authenticator = new Authenticator(service.plan.apiKey);
  const admit: Admit = (request) => authenticator.check(request.headers.authorization);

  app.addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, done) => {
    void reply.header('x-request-id', request.id);
    const { config } = request.routeOptions;
    if (!config.open) admit(request);
    if (request.raw.httpVersion === '1.1' && request.headers.host === undefined) {
      throw HttpError.invalid('the host header is missing');
    }
    // Nobody asks what it says, and the framework would refuse one that it cannot read.
    if (request.headers['content-type'] !== undefined) request.headers['content-type'] = 'application/json';
    checkUrl(request, service.plan.pathPrefix, prefixOf(request));
    if (config.begins && service.draining) throw HttpError.unavailable('the runner is shutting down');
    if (request.ws && !config.upgrades && !request.is404) {
      throw HttpError.invalid('this route takes no upgrade');
    }
    done();
  });

  app.decorateRequest('bodyText', '');
  app.addHook('preValidation', async (request) => {
    const { json } = request.routeOptions.config;
    if (json === undefined) return;
    const { bodyBytes, stallMs } = service.plan.limits;
    const arrived = limitStalls(request, stallMs);
    const { text, value } = await readJsonBody(request, bodyBytes, json).finally(arrived);
    request.body = value;
    request.bodyText = text;
  });

  // Bodies are read by those who want them: JSON whatever its type is called, archives as they stream in.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null, undefined));
  return admit;
}

function checkUrl(request: FastifyRequest, configured: string | undefined, prefix: string): void {
  if (request.originalUrl.length > urlBytes)
    throw HttpError.invalid(`the URL is longer than ${urlBytes} bytes`, 414);
  if (!servesPrefix(configured, prefix))
    throw HttpError.notFound(`there is no prefix '${prefix.slice(0, 128)}' here`);
}
