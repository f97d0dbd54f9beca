import { basename, join } from 'node:path';
import { Type } from '@sinclair/typebox';
import { StoppedError, type Box } from 'boxlite-ffi';
import type { FastifyRequest } from 'fastify';
import { checkNames, packArchive } from '../files/pack-archive.js';
import { stageArchive } from '../files/stage-archive.js';
import { temporaryFolder } from '../files/temporary-folder.js';
import { HttpError } from '../http/http-error.js';
import { linger } from '../http/json-body.js';
import { limitStalls } from '../http/stalls.js';
import { boxParams } from '../schemas/box.js';
import { nothing } from '../schemas/nothing.js';
import type { App, Service } from '../service.js';
import { readFlag } from './boxes.js';

const url = '/v1/boxes/:box_id/files';
const text = Type.Optional(Type.String());

/** Files in and out, as one uncompressed archive each way. */
export function addFiles(app: App, service: Service): void {
  addUpload(app, service);
  addDownload(app, service);
}

function addUpload(app: App, { boxes, plan }: Service): void {
  const querystring = Type.Object({ path: text, overwrite: text });
  app.put(
    url,
    {
      config: { begins: true },
      schema: { summary: 'Copy files in', params: boxParams, querystring, response: { 204: nothing } },
    },
    async (request, reply) => {
      const path = readPath(request.query.path);
      const overwrite = readFlag('overwrite', request.query.overwrite) ?? true;
      refuseLarge(request, plan.limits.fileTransferBytes);
      const box = await boxes.find(request.params.box_id);
      await refuseStopped(box);
      const folder = await temporaryFolder();
      try {
        const { fileTransferBytes, stallMs } = plan.limits;
        const arrived = limitStalls(request, stallMs);
        const staged = await stageArchive(request.raw, folder.path, fileTransferBytes).finally(arrived);
        await box.copyIn(staged.path, path, overwrite ? {} : { overwrite });
      } catch (error) {
        if (!request.raw.readableEnded) linger(request.raw);
        throw await boxes.explainRefusal(box, error);
      } finally {
        await folder.remove();
      }
      return reply.code(204).send();
    },
  );
}

function addDownload(app: App, { boxes, plan }: Service): void {
  const querystring = Type.Object({ path: text, follow_symlinks: text });
  app.get(
    url,
    { config: { begins: true }, schema: { summary: 'Copy files out', params: boxParams, querystring } },
    async (request, reply) => {
      const path = readPath(request.query.path);
      const followSymlinks = readFlag('follow_symlinks', request.query.follow_symlinks) ?? false;
      const box = await boxes.find(request.params.box_id);
      const folder = await temporaryFolder();
      const copy = join(folder.path, 'copy');
      try {
        await box.copyOut(path, copy, followSymlinks ? { followSymlinks } : {});
        await checkNames(copy, path);
      } catch (error) {
        await folder.remove();
        throw await boxes.explainRefusal(box, error);
      }
      const archive = packArchive(copy, basename(path));
      archive.once('close', () => void folder.remove());
      // A reader that takes nothing for so long is gone, and its connection is broken off.
      reply.raw.setTimeout(plan.limits.stallMs);
      return reply.type('application/x-tar').send(archive);
    },
  );
}

function readPath(path: string | undefined): string {
  if (path === undefined || path === '') throw HttpError.invalid('path is missing in the query');
  if (!path.startsWith('/') || path.includes('\0'))
    throw HttpError.invalid('path must be an absolute path in the box');
  return path;
}

function refuseLarge({ headers }: FastifyRequest, maxBytes: number): void {
  if (Number(headers['content-length'] ?? 0) <= maxBytes) return;
  throw HttpError.invalid(`the archive is larger than ${maxBytes} bytes`, 413);
}

/** Before an archive is taken in for nothing. */
async function refuseStopped(box: Box): Promise<void> {
  const { status } = await box.info();
  if (status === 'stopped') throw new StoppedError(`box ${box.id} is stopped; start it first`);
}
