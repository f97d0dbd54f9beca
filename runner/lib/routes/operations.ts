import type { FastifyReply } from 'fastify';
import type { App, Service } from '../service.js';
import { statusBody } from '../status/status-body.js';
import { statusPage, statusPagePolicy } from '../status/status-page.js';
import { packageVersion } from '../version.js';

/** What operators look at: the probe, the status view and the description of the API. */
export function addOperations(app: App, service: Service): void {
  addHealth(app, service);
  app.get('/status', { schema: { summary: 'The status view' } }, (_request, reply) => sendPage(reply));
  app.get('/status.json', { schema: { summary: 'What the status view shows' } }, (_request, reply) => {
    void reply.header('cache-control', 'no-store');
    return statusBody(service);
  });
  app.get('/openapi.json', { schema: { summary: 'This description' } }, () => app.swagger());
}

/** The probe answers without a credential as long as the process does. A browser is shown the status view instead. */
function addHealth(app: App, service: Service): void {
  app.get(
    '/',
    { config: { open: true }, exposeHeadRoute: true, schema: { summary: 'Health' } },
    (request, reply) => {
      void reply.header('vary', 'accept');
      // The page has no figures in it: it asks for them with the key that its reader types in.
      if (request.headers.accept?.includes('text/html')) return sendPage(reply);
      return { status: service.draining ? 'draining' : 'ok', version: packageVersion };
    },
  );
}

function sendPage(reply: FastifyReply): FastifyReply {
  return reply
    .headers({
      'content-security-policy': statusPagePolicy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    })
    .type('text/html; charset=utf-8')
    .serializer((page: string) => page)
    .send(statusPage);
}
