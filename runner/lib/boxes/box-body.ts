import type { BoxInfo } from 'boxlite-ffi';
import type { Static } from '@sinclair/typebox';
import type { boxSchema } from '../schemas/box.js';

/** A box as it stands in an answer. */
export type BoxBody = Static<typeof boxSchema>;

/** @param updatedAt - The last change of its state, in milliseconds since the epoch. */
export function boxBody(info: BoxInfo, updatedAt: number): BoxBody {
  return {
    box_id: info.id,
    name: info.name ?? null,
    status: info.status,
    created_at: info.createdAt.toISOString(),
    updated_at: new Date(updatedAt).toISOString(),
    image: info.image,
    cpus: clamp(info.cpus, 1, 255),
    memory_mib: clamp(info.memoryMib, 0, maxUint32),
    pid: info.pid ?? null,
    labels: {},
    auto_stop: clamp(info.autoStopSeconds, 0, maxUint32),
    auto_delete: clamp(info.autoDeleteSeconds, 0, maxUint32),
    auto_resume: info.autoResume,
  };
}

const maxUint32 = 2 ** 32 - 1;

/** A number outside its width would make the whole answer unreadable. */
function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, Math.trunc(value)));
}
