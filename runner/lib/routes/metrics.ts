import { boxMetricsBody, runtimeMetricsBody } from '../metrics/metrics-body.js';
import { prometheusRegistry } from '../metrics/prometheus.js';
import { boxParams } from '../schemas/box.js';
import { boxMetricsSchema, runtimeMetricsSchema } from '../schemas/metrics.js';
import type { App, Service } from '../service.js';

/** Figures about BoxLite as JSON for clients, and about the runner in Prometheus's format on a path of their own. */
export function addMetrics(app: App, service: Service): void {
  const { boxes, plan } = service;
  app.get(
    '/v1/metrics',
    { schema: { summary: 'What the runtime has done', response: { 200: runtimeMetricsSchema } } },
    async () => runtimeMetricsBody(await plan.runtime.metrics(), boxes.stopped),
  );

  app.get(
    '/v1/boxes/:box_id/metrics',
    { schema: { summary: 'What a box has used', params: boxParams, response: { 200: boxMetricsSchema } } },
    async ({ params }) => boxMetricsBody(await boxes.meter.read(await boxes.find(params.box_id))),
  );

  const registry = prometheusRegistry(app, service);
  app.get('/metrics', { schema: { summary: 'For Prometheus' } }, async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  );
}
