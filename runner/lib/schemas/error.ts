import { Type } from '@sinclair/typebox';

/** What every answer but a success carries. */
export const errorSchema = Type.Object(
  {
    error: Type.Object({
      message: Type.String(),
      type: Type.String(),
      code: Type.String(),
      request_id: Type.Optional(Type.String()),
    }),
  },
  { title: 'Error' },
);
