import { Type } from '@sinclair/typebox';

const exact = { additionalProperties: false } as const;

export const execSchema = Type.Object(
  {
    command: Type.String({ minLength: 1 }),
    args: Type.Optional(Type.Array(Type.String())),
    env: Type.Optional(Type.Record(Type.String(), Type.String())),
    working_dir: Type.Optional(Type.String({ minLength: 1 })),
    timeout_seconds: Type.Optional(Type.Number({ minimum: 0 })),
    tty: Type.Optional(Type.Boolean()),
    stdin: Type.Optional(Type.String()),
  },
  { ...exact, title: 'ExecRequest' },
);

export const execResponse = Type.Object({ execution_id: Type.String() }, { title: 'ExecResponse' });

export const executionSchema = Type.Object(
  {
    execution_id: Type.String(),
    status: Type.Unsafe<'running' | 'completed' | 'killed' | 'timed_out'>({
      type: 'string',
      enum: ['running', 'completed', 'killed', 'timed_out'],
    }),
    exit_code: Type.Union([Type.Integer(), Type.Null()]),
    started_at: Type.String({ format: 'date-time' }),
    duration_ms: Type.Union([Type.Integer(), Type.Null()]),
    error_message: Type.Union([Type.String(), Type.Null()]),
  },
  { title: 'ExecutionInfo' },
);

export const signalSchema = Type.Object({ signal: Type.Integer() }, { ...exact, title: 'SignalRequest' });

const side = Type.Integer({ minimum: 1, maximum: 65535 });
export const resizeSchema = Type.Object({ cols: side, rows: side }, { ...exact, title: 'ResizeRequest' });

export const executionParams = Type.Object({ box_id: Type.String(), exec_id: Type.String() });
