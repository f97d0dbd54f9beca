import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { App, Service } from '../service.js';

/** The runner's own figures, in a registry of its own: several runners may live in one process. */
export function prometheusRegistry(app: App, service: Service): Registry {
  const registry = new Registry();
  const registers = [registry];
  addStates(registers, service);
  const requests = new Counter({
    name: 'boxlite_runner_requests_total',
    help: 'Requests that were answered',
    labelNames: ['method', 'route', 'status'] as const,
    registers,
  });
  const durations = new Histogram({
    name: 'boxlite_runner_request_duration_seconds',
    help: 'From a request to the end of its answer',
    labelNames: ['method', 'route'] as const,
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 60],
    registers,
  });
  app.addHook('onResponse', (request, reply, done) => {
    // The pattern of the route, not the path: ids would make series without end.
    const route = request.routeOptions.url ?? 'none';
    requests.inc({ method: request.method, route, status: reply.statusCode });
    durations.observe({ method: request.method, route }, reply.elapsedTime / 1000);
    done();
  });
  return registry;
}

function addStates(registers: Registry[], service: Service): void {
  new Gauge({
    name: 'boxlite_runner_boxes',
    help: 'Boxes by status',
    labelNames: ['status'] as const,
    registers,
    async collect() {
      this.reset();
      for (const { status } of await service.plan.runtime.list()) this.inc({ status });
    },
  });
  new Gauge({
    name: 'boxlite_runner_executions_running',
    help: 'Executions that run',
    registers,
    collect() {
      this.set(service.registry.running);
    },
  });
  new Gauge({
    name: 'boxlite_runner_clients_attached',
    help: 'Clients that are attached',
    registers,
    collect() {
      this.set(service.sessions.size);
    },
  });
  new Gauge({
    name: 'boxlite_runner_unconfirmed_bytes',
    help: 'Output that is kept because no client has confirmed it',
    registers,
    collect() {
      let bytes = 0;
      for (const record of service.registry.records) bytes += record.unconfirmedBytes;
      this.set(bytes);
    },
  });
  // A gauge by kind, a total by nature: it is counted where executions are started.
  new Counter({
    name: 'boxlite_runner_executions_total',
    help: 'Executions that were ever started',
    registers,
    collect() {
      this.reset();
      this.inc(service.registry.total);
    },
  });
  new Gauge({
    name: 'process_resident_memory_bytes',
    help: 'Memory of the process',
    registers,
    collect() {
      this.set(process.memoryUsage.rss());
    },
  });
}
