import type { FastifySchemaValidationError } from 'fastify';
import { HttpError } from './http-error.js';

/** What the schema compiler is told: a value of the wrong type is refused, never changed into a right one. */
export const ajvOptions = {
  coerceTypes: false,
  removeAdditional: false,
  useDefaults: false,
  allErrors: false,
  strict: true,
} as const;

const where: Readonly<Record<string, string>> = { querystring: 'query', params: 'path' };

/** The first thing a schema found wrong, as a sentence that names the field and what was expected. */
export function validationError(errors: FastifySchemaValidationError[], context: string): Error {
  const [error] = errors;
  const place = where[context] ?? 'body';
  if (!error) return HttpError.invalid(`the ${place} is invalid`);
  const field = fieldName(error.instancePath);
  return HttpError.invalid(sentence(error, field, place));
}

function sentence(error: FastifySchemaValidationError, field: string, place: string): string {
  const { params } = error;
  const inner = (name: unknown): string => (field === '' ? String(name) : `${field}.${String(name)}`);
  switch (error.keyword) {
    case 'additionalProperties':
      return `unknown field ${inner(params['additionalProperty'])} in the ${place}`;
    case 'required':
      return `${inner(params['missingProperty'])} is missing in the ${place}`;
    case 'enum':
      return `${field} must be one of ${(params['allowedValues'] as unknown[]).join(', ')}`;
    case 'pattern':
      return `${field} must match ${String(params['pattern'])}`;
    default:
      return `${field || `the ${place}`} ${error.message ?? 'is invalid'}`;
  }
}

/** `/volumes/0/guest_path` as `volumes[0].guest_path`. */
function fieldName(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part, index) => (/^\d+$/.test(part) ? `[${part}]` : index === 0 ? part : `.${part}`))
    .join('');
}
