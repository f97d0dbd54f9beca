import { Type } from '@sinclair/typebox';
import type { FastifyRequest } from 'fastify';
import { boxOptions } from '../boxes/create-request.js';
import { page } from '../boxes/paging.js';
import { HttpError } from '../http/http-error.js';
import type { RunnerPlan } from '../options.js';
import {
  boxListSchema,
  boxParams,
  boxSchema,
  boxStatus,
  createBoxSchema,
  stopSchema,
} from '../schemas/box.js';
import { nothing } from '../schemas/nothing.js';
import type { App, Service } from '../service.js';

const defaultStopSeconds = 30;

/** Boxes: make, list, look at, start, stop and remove. */
export function addBoxes(app: App, service: Service): void {
  addCollection(app, service);
  addBox(app, service);
  addLife(app, service);
}

function addCollection(app: App, { boxes, plan }: Service): void {
  app.post(
    '/v1/boxes',
    {
      config: { json: 'required', begins: true, keyed: true },
      schema: { summary: 'Make a box', body: createBoxSchema(plan.limits), response: { 201: boxSchema } },
    },
    async (request, reply) => {
      const box = await boxes.create(boxOptions(request.body));
      return reply
        .code(201)
        .header('location', `${locationOf(plan, request)}/${box.box_id}`)
        .send(box);
    },
  );

  const query = Type.Object({
    status: Type.Optional(boxStatus),
    pageSize: Type.Optional(Type.String()),
    pageToken: Type.Optional(Type.String()),
  });
  app.get(
    '/v1/boxes',
    { schema: { summary: 'All boxes', querystring: query, response: { 200: boxListSchema } } },
    async ({ query: { status, pageSize, pageToken } }) => {
      const all = await boxes.list();
      return page(
        status === undefined ? all : all.filter((box) => box.status === status),
        pageSize,
        pageToken,
      );
    },
  );
}

function addBox(app: App, { boxes }: Service): void {
  app.get(
    '/v1/boxes/:box_id',
    { schema: { summary: 'One box', params: boxParams, response: { 200: boxSchema } } },
    async ({ params }) => boxes.describe(await boxes.find(params.box_id)),
  );

  app.head(
    '/v1/boxes/:box_id',
    { schema: { summary: 'Whether a box exists', params: boxParams, response: { 204: nothing } } },
    async ({ params }, reply) => {
      await boxes.find(params.box_id);
      return reply.code(204).send();
    },
  );

  const query = Type.Object({ force: Type.Optional(Type.String()) });
  app.delete(
    '/v1/boxes/:box_id',
    {
      config: { keyed: true },
      schema: { summary: 'Remove a box', params: boxParams, querystring: query, response: { 204: nothing } },
    },
    async (request, reply) => {
      const force = readFlag('force', request.query.force) ?? false;
      await boxes.remove(await boxes.find(request.params.box_id), force);
      return reply.code(204).send();
    },
  );
}

function addLife(app: App, { boxes }: Service): void {
  const emptyBody = Type.Object({}, { additionalProperties: false });
  app.post(
    '/v1/boxes/:box_id/start',
    {
      config: { json: 'empty allowed', begins: true, keyed: true },
      schema: { summary: 'Boot a box', params: boxParams, body: emptyBody, response: { 200: boxSchema } },
    },
    async ({ params }) => boxes.start(await boxes.find(params.box_id)),
  );

  app.post(
    '/v1/boxes/:box_id/stop',
    {
      config: { json: 'empty allowed', keyed: true },
      schema: { summary: 'Stop a box', params: boxParams, body: stopSchema, response: { 200: boxSchema } },
    },
    async ({ params, body }) => {
      const seconds = body.timeout_seconds ?? defaultStopSeconds;
      return boxes.stop(await boxes.find(params.box_id), seconds * 1000);
    },
  );
}

/** @throws HttpError 400 for a word that is neither true nor false. */
export function readFlag(name: string, text: string | undefined): boolean | undefined {
  if (text === undefined) return undefined;
  if (text === 'true' || text === 'false') return text === 'true';
  throw HttpError.invalid(`${name} must be true or false`);
}

/** The path that was asked for, prefix and all. */
export function locationOf({ basePath }: RunnerPlan, { originalUrl }: FastifyRequest): string {
  return basePath + (originalUrl.split('?', 1)[0] ?? '').replace(/\/+$/, '');
}
