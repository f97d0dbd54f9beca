import { describe, expect, test, vi } from 'vitest';
import { errorTable } from '../../lib/error-table.generated.js';
import { errorOf } from '../../lib/errors.js';
import * as library from '../../lib/index.js';
import {
  AbortError,
  BoxliteError,
  CommandFailedError,
  InternalError,
  isBoxliteError,
  NotFoundError,
} from '../../lib/index.js';

/** The contract, written out: number, word, HTTP status. */
const contract: [string, number, string, number][] = [
  ['InternalError', 1, 'internal', 500],
  ['NotFoundError', 2, 'not_found', 404],
  ['AlreadyExistsError', 3, 'already_exists', 409],
  ['InvalidStateError', 4, 'invalid_state', 409],
  ['InvalidArgumentError', 5, 'invalid_argument', 400],
  ['ConfigError', 6, 'config', 500],
  ['StorageError', 7, 'storage', 500],
  ['ImageError', 8, 'image', 422],
  ['NetworkError', 9, 'network', 503],
  ['ExecutionError', 10, 'execution', 422],
  ['StoppedError', 11, 'stopped', 409],
  ['EngineError', 12, 'engine', 503],
  ['UnsupportedError', 13, 'unsupported', 400],
  ['DatabaseError', 14, 'database', 500],
  ['PortalError', 15, 'portal', 503],
  ['RpcError', 16, 'rpc', 503],
  ['RpcTransportError', 17, 'rpc_transport', 503],
  ['MetadataError', 18, 'metadata', 500],
  ['UnsupportedEngineError', 19, 'unsupported_engine', 400],
  ['ResourceExhaustedError', 20, 'resource_exhausted', 429],
  ['SessionReapedError', 21, 'session_reaped', 410],
];

type ErrorClass = new (message: string) => BoxliteError;

describe('every code', () => {
  test('the table has the rows of the contract and no others', () => {
    expect(errorTable.map(({ errno }) => errno)).toEqual(contract.map(([, errno]) => errno));
  });

  test.each(contract)('%s is %i, %s, HTTP %i', (name, errno, code, httpStatus) => {
    const errorClass = (library as unknown as Record<string, ErrorClass>)[name] as ErrorClass;
    for (const error of [new errorClass('why'), errorOf(errno, 'why')]) {
      expect(error).toBeInstanceOf(errorClass);
      expect(error).toBeInstanceOf(BoxliteError);
      expect(error).toBeInstanceOf(Error);
      expect(error).toMatchObject({ name, errno, code, httpStatus, message: 'why', operation: undefined });
      expect(isBoxliteError(error, error.code)).toBe(true);
    }
  });

  test.each(contract)('%s is no other class', (name, errno) => {
    const matching = contract.filter(([other]) => {
      const errorClass = (library as unknown as Record<string, ErrorClass>)[other] as ErrorClass;
      return errorOf(errno, '') instanceof errorClass;
    });
    expect(matching.map(([other]) => other)).toEqual([name]);
  });
});

test('a number that the table does not know is an InternalError that keeps it', () => {
  const error = errorOf(99, 'new');
  expect(error).toBeInstanceOf(InternalError);
  expect(error).toMatchObject({ errno: 99, code: 'internal', httpStatus: 500 });
});

test('operation and cause are kept', () => {
  const cause = new Error('below');
  expect(new NotFoundError('x', { operation: 'runtime.get', cause })).toMatchObject({
    operation: 'runtime.get',
    cause,
  });
  expect('cause' in new NotFoundError('x')).toBe(false);
});

describe('BoxliteError.from', () => {
  test('leaves a typed error as it is', () => {
    const error = new NotFoundError('x');
    expect(BoxliteError.from(error)).toBe(error);
  });

  test.each([[new TypeError('t')], ['text'], [undefined], [null], [Object.create(null)]])(
    'wraps %s and keeps it as the cause',
    (thrown: unknown) => {
      const error = BoxliteError.from(thrown);
      expect(error).toBeInstanceOf(InternalError);
      expect(error.cause).toBe(thrown);
    },
  );
});

describe('two copies of the package', () => {
  test("know each other's errors, and tell the classes apart", async () => {
    vi.resetModules();
    const other = (await import('../../lib/index.js')) as typeof library;
    expect(other.NotFoundError).not.toBe(NotFoundError);
    const error = new other.NotFoundError('there');
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error).toBeInstanceOf(BoxliteError);
    expect(error).not.toBeInstanceOf(InternalError);
    expect(isBoxliteError(error, 'not_found')).toBe(true);
    expect(BoxliteError.from(error)).toBe(error);
    expect(new other.AbortError()).toBeInstanceOf(AbortError);
  });
});

test('a class that a user derives keeps the ordinary instanceof', () => {
  class Mine extends NotFoundError {}
  expect(new Mine('x')).toBeInstanceOf(Mine);
  expect(new Mine('x')).toBeInstanceOf(NotFoundError);
  expect(new NotFoundError('x')).not.toBeInstanceOf(Mine);
  expect(new Mine('x').code).toBe('not_found');
});

test.each([undefined, null, 2, 'not_found', {}, new Error('x')])('%s is no BoxliteError', (value) => {
  expect(isBoxliteError(value)).toBe(false);
});

test('CommandFailedError says what ran, how it ended and its last words', () => {
  const error = new CommandFailedError({
    commandLine: "sh -c 'exit 3'",
    status: { exitCode: 3, signal: null, timedOut: false, durationMs: 1 },
    stdoutTail: '',
    stderrTail: 'first\nlast words\n',
  });
  expect(error.message).toBe("sh -c 'exit 3' ended with exit code 3: last words");
  expect(error).toMatchObject({ name: 'CommandFailedError', code: 'COMMAND_FAILED' });
  expect(error).not.toBeInstanceOf(BoxliteError);
});
