import { Type } from '@sinclair/typebox';
import type { Limits } from '../limits.js';

const maxUint32 = 2 ** 32 - 1;
const exact = { additionalProperties: false } as const;

export const boxStatus = Type.Unsafe<
  'configured' | 'running' | 'stopping' | 'stopped' | 'paused' | 'failed' | 'unknown'
>({
  type: 'string',
  enum: ['configured', 'running', 'stopping', 'stopped', 'paused', 'failed', 'unknown'],
});

const uint32 = Type.Integer({ minimum: 0, maximum: maxUint32 });

export const boxSchema = Type.Object(
  {
    box_id: Type.String(),
    name: Type.Union([Type.String(), Type.Null()]),
    status: boxStatus,
    created_at: Type.String({ format: 'date-time' }),
    updated_at: Type.String({ format: 'date-time' }),
    image: Type.String(),
    cpus: Type.Integer({ minimum: 1, maximum: 255 }),
    memory_mib: uint32,
    pid: Type.Union([Type.Integer(), Type.Null()]),
    labels: Type.Record(Type.String(), Type.String()),
    auto_stop: uint32,
    auto_delete: uint32,
    auto_resume: Type.Boolean(),
  },
  { title: 'Box' },
);

export const boxListSchema = Type.Object(
  { boxes: Type.Array(boxSchema), next_page_token: Type.Union([Type.String(), Type.Null()]) },
  { title: 'BoxList' },
);

const mode = Type.Unsafe<'enabled' | 'disabled'>({ type: 'string', enum: ['enabled', 'disabled'] });
const texts = Type.Array(Type.String());
const networkRule = Type.Object({ mode, allow_net: Type.Optional(texts) }, exact);
export type NetworkRuleRequest = typeof networkRule;

const network = Type.Object(
  {
    outbound: Type.Optional(networkRule),
    inbound: Type.Optional(networkRule),
    mode: Type.Optional(mode),
    allow_net: Type.Optional(texts),
  },
  exact,
);

const secret = Type.Object(
  {
    name: Type.String({ minLength: 1 }),
    value: Type.String(),
    hosts: Type.Optional(texts),
    placeholder: Type.Optional(Type.String({ minLength: 1 })),
  },
  exact,
);

const capabilities = Type.Object({ add: Type.Optional(texts), drop: Type.Optional(texts) }, exact);

/** What `POST /boxes` takes, with the limits that are enforced. */
// Its type is the schema itself, which nobody could write down a second time.
// eslint-disable-next-line @typescript-eslint/explicit-function-return-type
export function createBoxSchema(limits: Limits) {
  const text = Type.Optional(Type.String({ minLength: 1 }));
  return Type.Object(
    {
      name: Type.Optional(Type.String({ pattern: '^[a-zA-Z0-9][a-zA-Z0-9._-]{0,127}$' })),
      image: text,
      rootfs_path: text,
      cpus: Type.Optional(Type.Integer({ minimum: 1, maximum: Math.min(255, limits.maxCpus) })),
      memory_mib: Type.Optional(
        Type.Integer({ minimum: 128, maximum: Math.min(2 ** 31 - 1, limits.maxMemoryMib) }),
      ),
      disk_size_gb: Type.Optional(Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1 })),
      working_dir: text,
      env: Type.Optional(Type.Record(Type.String(), Type.String())),
      entrypoint: Type.Optional(texts),
      cmd: Type.Optional(texts),
      user: text,
      tty: Type.Optional(Type.Boolean()),
      detach: Type.Optional(Type.Boolean()),
      auto_remove: Type.Optional(Type.Boolean({ description: 'Sent by clients before 0.10' })),
      network: Type.Optional(network),
      secrets: Type.Optional(Type.Array(secret)),
      volumes: Type.Optional(Type.Array(Type.Object({}))),
      advanced: Type.Optional(Type.Object({ capabilities: Type.Optional(capabilities) }, exact)),
      auto_stop: Type.Optional(uint32),
      auto_delete: Type.Optional(uint32),
      auto_resume: Type.Optional(Type.Boolean()),
    },
    { ...exact, title: 'CreateBoxRequest' },
  );
}
export type CreateBoxRequest = ReturnType<typeof createBoxSchema>;

export const stopSchema = Type.Object(
  { timeout_seconds: Type.Optional(Type.Number({ minimum: 0 })) },
  { ...exact, title: 'StopRequest' },
);

export const boxParams = Type.Object({ box_id: Type.String() });
