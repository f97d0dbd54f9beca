import swagger, { type FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import websocket, { type WebsocketPluginOptions } from '@fastify/websocket';
import fastify, { type FastifyBaseLogger, type FastifyHttpOptions, type FastifyRequest } from 'fastify';
import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http';
import { BoxDirectory } from './boxes/box-directory.js';
import { ExecutionRegistry } from './exec/registry.js';
import { Reaper } from './exec/reaper.js';
import { addFailures, answerRouterError } from './http/failures.js';
import { addGuards, type Admit } from './http/guards.js';
import { splitPrefix } from './http/prefix.js';
import { addIdempotency } from './http/idempotency.js';
import { answerClientError } from './http/raw-answer.js';
import { requestId } from './http/request-id.js';
import { RouteTable } from './http/route-table.js';
import { ajvOptions, validationError } from './http/validation.js';
import type { RunnerPlan } from './options.js';
import { addAttach } from './routes/attach.js';
import { addBoxes } from './routes/boxes.js';
import { addDiscovery } from './routes/discovery.js';
import { addExecutions } from './routes/executions.js';
import { addFiles } from './routes/files.js';
import { addMetrics } from './routes/metrics.js';
import { addOperations } from './routes/operations.js';
import { addUnsupported } from './routes/unsupported.js';
import type { App, Service } from './service.js';
import { packageVersion } from './version.js';

const openApi: NonNullable<FastifyDynamicSwaggerOptions['openapi']> = {
  info: { title: 'BoxLite runner', version: packageVersion },
  components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
  security: [{ key: [] }],
};

/** The HTTP side of a runner, ready to listen or to be fed by another server. */
export interface Server {
  app: App;
  service: Service;
}

export async function buildServer(plan: RunnerPlan): Promise<Server> {
  const prefixes = new WeakMap<IncomingMessage, string>();
  let admit: Admit = () => undefined;
  const app: App = fastify({
    ...serverOptions(plan),
    rewriteUrl(request) {
      const { url, prefix } = splitPrefix(request.url ?? '/');
      prefixes.set(request, prefix);
      return url;
    },
    frameworkErrors: (error, request, reply) =>
      answerRouterError(error, request as FastifyRequest, reply, (checked) => admit(checked)),
  }).withTypeProvider<TypeBoxTypeProvider>();
  const service = buildService(plan, app);
  const routes = new RouteTable();
  app.addHook('onRoute', ({ url, method }) => routes.add(url, [method].flat()));
  await app.register(websocket, {
    options: socketOptions(plan),
    errorHandler: (error, _socket, request) =>
      request.log.info({ err: error }, 'a client broke the protocol'),
    // Clients are sent away by the drain, with the code that says why.
    preClose: (done) => done(),
  });
  await app.register(swagger, { openapi: openApi });
  app.websocketServer.on('headers', (headers: string[], request) => {
    headers.push(`X-Request-Id: ${requestId(request.headers)}`);
  });
  admit = addGuards(app, service, ({ raw }) => prefixes.get(raw) ?? '');
  addIdempotency(app, service);
  addFailures(app, routes);
  addRoutes(app, service);
  await app.ready();
  // Whatever is expected beside 100-continue is not needed for an answer.
  app.server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) =>
    app.routing(request, response),
  );
  app.server.keepAliveTimeout = plan.limits.keepAliveMs;
  return { app, service };
}

function serverOptions(plan: RunnerPlan): FastifyHttpOptions<HttpServer> {
  const { logger } = plan;
  return {
    ...(isLogger(logger) ? { loggerInstance: logger } : { logger }),
    // A request without host is refused by us, with the envelope.
    http: { maxHeaderSize: plan.limits.headerBytes, requireHostHeader: false },
    routerOptions: { maxParamLength: 128 },
    genReqId: (request) => requestId(request.headers),
    keepAliveTimeout: plan.limits.keepAliveMs,
    // Creating, copying and attaching may rightly take long.
    requestTimeout: 0,
    connectionTimeout: 0,
    return503OnClosing: false,
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
    ajv: { customOptions: ajvOptions },
    schemaErrorFormatter: validationError,
    clientErrorHandler: answerClientError,
  };
}

function isLogger(logger: RunnerPlan['logger']): logger is FastifyBaseLogger {
  return typeof logger === 'object' && 'child' in logger;
}

function socketOptions(plan: RunnerPlan): NonNullable<WebsocketPluginOptions['options']> {
  const options = {
    maxPayload: plan.limits.messageBytes,
    perMessageDeflate: false,
    handleProtocols: () => false as const,
    autoPong: false,
    // Slow readers are given up by their session, not by a timer of the library's.
    closeTimeout: 2 ** 31 - 1,
  };
  return options;
}

function buildService(plan: RunnerPlan, app: App): Service {
  const registry = new ExecutionRegistry(plan.limits.executionsPerBox);
  return {
    plan,
    registry,
    reaper: new Reaper(registry, plan.limits, plan.clock, app.log),
    boxes: new BoxDirectory(plan.runtime, registry, plan.clock),
    sessions: new Set(),
    log: app.log,
    draining: false,
  };
}

function addRoutes(app: App, service: Service): void {
  addMetrics(app, service);
  addOperations(app, service);
  addDiscovery(app, service);
  addBoxes(app, service);
  addExecutions(app, service);
  addAttach(app, service);
  addFiles(app, service);
  addUnsupported(app);
}
