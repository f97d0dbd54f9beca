import type { FastifyRequest } from 'fastify';
import { InvalidStateError } from 'boxlite-ffi';
import { AttachSession } from '../attach/attach-session.js';
import type { ExecutionRecord } from '../exec/execution-record.js';
import type { Slot } from '../exec/registry.js';
import { HttpError } from '../http/http-error.js';
import { executionParams } from '../schemas/execution.js';
import type { App, Service } from '../service.js';

/** A place that was claimed before the upgrade, and the session that takes it. */
class Claim implements Slot {
  readonly record: ExecutionRecord;
  session: AttachSession | undefined;
  readonly #abandon: () => void;

  /** @param abandon - Ends the connection where there is no session yet. */
  constructor(record: ExecutionRecord, abandon: () => void) {
    this.record = record;
    this.#abandon = abandon;
  }

  stale(): boolean {
    return this.session?.isSilent() ?? false;
  }

  drop(): void {
    if (this.session) this.session.giveUp('another client has attached');
    else this.#abandon();
  }
}

/** The WebSocket of an execution. */
export function addAttach(app: App, service: Service): void {
  const claims = new WeakMap<object, Claim>();
  app.route({
    method: 'GET',
    url: '/v1/boxes/:box_id/executions/:exec_id/attach',
    config: { upgrades: true, begins: true },
    schema: { summary: 'Attach: WebSocket with input, output and control', params: executionParams },
    preHandler: async (request: FastifyRequest) => {
      checkHandshake(request);
      const { box_id, exec_id } = request.params as { box_id: string; exec_id: string };
      const box = await service.boxes.find(box_id);
      claims.set(request.raw, claim(service, request, service.registry.getAttachable(box.id, exec_id)));
    },
    handler: () => {
      throw upgradeNeeded();
    },
    wsHandler: (socket, request) => {
      const claim = claims.get(request.raw);
      if (claim === undefined) return socket.terminate();
      const { record } = claim;
      const session = new AttachSession({
        socket,
        record,
        clock: service.plan.clock,
        limits: service.plan.limits,
        log: request.log.child({ boxId: record.boxId, executionId: record.id }),
        bytesRead: () => request.raw.socket.bytesRead,
      });
      claim.session = session;
      service.sessions.add(session);
      void session.closed.then(() => service.sessions.delete(session));
    },
  });
}

/** Takes the execution's one place until the connection is gone, however the upgrade goes. */
function claim({ registry, reaper }: Service, request: FastifyRequest, record: ExecutionRecord): Claim {
  if (reaper.isReaping(record)) throw new InvalidStateError(`execution ${record.id} is being ended`);
  const { socket } = request.raw;
  if (socket.destroyed) throw HttpError.invalid('the connection is gone');
  const claim = new Claim(record, () => socket.destroy());
  registry.claim(record, claim);
  reaper.attached(record);
  socket.once('close', () => {
    registry.release(record, claim);
    if (registry.isClaimed(record)) return;
    reaper.detached(record);
    if (registry.isEvicted(record)) void record.dispose().finally(() => reaper.drop(record));
  });
  return claim;
}

/** What ws would refuse without an envelope is refused here. */
function checkHandshake({ headers, ws }: FastifyRequest): void {
  if (!ws || headers.upgrade?.toLowerCase() !== 'websocket') throw upgradeNeeded();
  const version = headers['sec-websocket-version'];
  if (version !== '13') {
    throw HttpError.invalid('sec-websocket-version must be 13', 426, {
      upgrade: 'websocket',
      'sec-websocket-version': '13',
    });
  }
  if (!/^[+/0-9A-Za-z]{22}==$/.test(headers['sec-websocket-key'] ?? '')) {
    throw HttpError.invalid('sec-websocket-key must be 16 bytes in base64');
  }
}

function upgradeNeeded(): HttpError {
  return HttpError.invalid('attach needs an upgrade to a WebSocket', 426, { upgrade: 'websocket' });
}
