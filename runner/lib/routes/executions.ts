import { InvalidStateError, type Box, type ExecOptions } from 'boxlite-ffi';
import type { Static } from '@sinclair/typebox';
import { ExecutionRecord } from '../exec/execution-record.js';
import { checkSignal } from '../exec/signals.js';
import { HttpError } from '../http/http-error.js';
import { boxParams } from '../schemas/box.js';
import {
  execResponse,
  execSchema,
  executionParams,
  executionSchema,
  resizeSchema,
  signalSchema,
} from '../schemas/execution.js';
import { nothing } from '../schemas/nothing.js';
import type { App, Service } from '../service.js';
import { locationOf } from './boxes.js';

type ExecRequest = Static<typeof execSchema>;

const path = '/v1/boxes/:box_id/executions/:exec_id';

/** Executions: start, ask, signal, resize and kill. */
export function addExecutions(app: App, service: Service): void {
  addExec(app, service);
  addStatus(app, service);
  addControl(app, service);
}

function addExec(app: App, service: Service): void {
  app.post(
    '/v1/boxes/:box_id/exec',
    {
      config: { json: 'required', begins: true, keyed: true },
      schema: {
        summary: 'Run a command',
        params: boxParams,
        body: execSchema,
        response: { 201: execResponse },
      },
    },
    async (request, reply) => {
      const box = await service.boxes.find(request.params.box_id);
      service.boxes.refuseChanging(box);
      const record = await service.registry.start(box.id, () => begin(service, box, request.body));
      request.log.info({ boxId: box.id, executionId: record.id }, 'execution started');
      void record.finished.then(({ status, exitCode, durationMs }) =>
        service.log.info(
          { boxId: box.id, executionId: record.id, status, exitCode, durationMs },
          'execution ended',
        ),
      );
      const location = `${locationOf(service.plan, request).replace(/exec$/, 'executions')}/${record.id}`;
      return reply.code(201).header('location', location).send({ execution_id: record.id });
    },
  );
}

async function begin({ boxes, plan }: Service, box: Box, request: ExecRequest): Promise<ExecutionRecord> {
  try {
    const execution = await box.exec(request.command, request.args ?? [], execOptions(request));
    const started = { boxId: box.id, tty: request.tty ?? false, inputGiven: request.stdin !== undefined };
    return new ExecutionRecord(execution, started, plan.clock, plan.limits);
  } catch (error) {
    throw await boxes.explainRefusal(box, error);
  }
}

function execOptions(request: ExecRequest): ExecOptions {
  const { env, working_dir: workingDir, timeout_seconds: seconds = 0, tty, stdin } = request;
  return {
    ...(env === undefined ? {} : { env }),
    ...(workingDir === undefined ? {} : { workingDir }),
    ...(seconds === 0 ? {} : { timeoutMs: seconds * 1000 }),
    ...(tty ? { tty: { cols: 80, rows: 24 } } : {}),
    ...(stdin === undefined ? {} : { stdin }),
  };
}

function addStatus(app: App, { boxes, registry }: Service): void {
  app.get(
    path,
    {
      schema: {
        summary: 'How an execution stands',
        params: executionParams,
        response: { 200: executionSchema },
      },
    },
    async ({ params }) => {
      const box = await boxes.find(params.box_id);
      return executionBody(registry.get(box.id, params.exec_id));
    },
  );
}

function executionBody(record: ExecutionRecord): Static<typeof executionSchema> {
  const end = record.toldEnd;
  return {
    execution_id: record.id,
    status: end?.status ?? 'running',
    exit_code: end?.exitCode ?? null,
    started_at: new Date(record.startedAt).toISOString(),
    duration_ms: end?.durationMs ?? null,
    error_message: end?.errorMessage ?? null,
  };
}

function addControl(app: App, service: Service): void {
  const { boxes, registry, reaper } = service;

  async function running(params: Static<typeof executionParams>): Promise<ExecutionRecord> {
    const box = await boxes.find(params.box_id);
    const record = registry.get(box.id, params.exec_id);
    if (record.end) throw new InvalidStateError(`execution ${record.id} has ended`);
    if (reaper.isReaping(record)) throw new InvalidStateError(`execution ${record.id} is being ended`);
    return record;
  }

  app.post(
    `${path}/signal`,
    {
      config: { json: 'required', keyed: true },
      schema: {
        summary: 'Send a signal',
        params: executionParams,
        body: signalSchema,
        response: { 204: nothing },
      },
    },
    async ({ params, body }, reply) => {
      checkSignal(body.signal);
      await (await running(params)).signal(body.signal);
      return reply.code(204).send();
    },
  );

  app.post(
    `${path}/resize`,
    {
      config: { json: 'required' },
      schema: {
        summary: 'Resize its terminal',
        params: executionParams,
        body: resizeSchema,
        response: { 204: nothing },
      },
    },
    async ({ params, body }, reply) => {
      const record = await running(params);
      if (!record.tty) throw HttpError.invalid(`execution ${record.id} has no terminal`);
      await record.resize(body.cols, body.rows);
      return reply.code(204).send();
    },
  );

  app.delete(
    path,
    {
      config: { keyed: true },
      schema: {
        summary: 'Kill, or forget what has ended',
        params: executionParams,
        response: { 204: nothing },
      },
    },
    async ({ params }, reply) => {
      const box = await boxes.find(params.box_id);
      const record = registry.get(box.id, params.exec_id);
      if (record.end) {
        registry.evict(record);
        reaper.drop(record);
      } else await record.kill({ by: 'kill' });
      return reply.code(204).send();
    },
  );
}
