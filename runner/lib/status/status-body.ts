import type { BoxBody } from '../boxes/box-body.js';
import type { Service } from '../service.js';
import { packageVersion } from '../version.js';

/** What the status page shows. */
export interface StatusBody {
  version: string;
  engine: string;
  draining: boolean;
  boxes: BoxBody[];
  executions: {
    execution_id: string;
    box_id: string;
    started_at: string;
    attached: boolean;
    unconfirmed_bytes: number;
  }[];
}

/** The boxes and what runs in them now. */
export async function statusBody({ boxes, registry, plan, draining }: Service): Promise<StatusBody> {
  const { kind, version, isolation } = plan.runtime.engine;
  const running = [...registry.records].filter((record) => !record.end);
  return {
    version: packageVersion,
    engine: `${kind} ${version}, isolation: ${isolation}`,
    draining,
    boxes: await boxes.list(),
    executions: running.map((record) => ({
      execution_id: record.id,
      box_id: record.boxId,
      started_at: new Date(record.startedAt).toISOString(),
      attached: record.attached,
      unconfirmed_bytes: record.unconfirmedBytes,
    })),
  };
}
