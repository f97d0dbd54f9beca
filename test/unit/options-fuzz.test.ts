import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isBoxliteError } from '../../lib/index.js';
import { readBoxOptions } from '../../lib/read-box-options.js';
import { readCommand, readRun, readTerminalSize } from '../../lib/read-exec-options.js';
import { readRuntimeOptions } from '../../lib/runtime-options.js';
import { signalNumber } from '../../lib/signals.js';

const anything = fc.anything({
  withBigInt: true,
  withBoxedValues: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withObjectString: true,
  withSet: true,
  withSparseArray: true,
  withTypedArray: true,
  stringUnit: 'binary',
});

/** Right and wrong values for each key, so that readers get further than to the first mistake. */
function record(keys: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<unknown> {
  const mixed = Object.entries(keys).map(([key, right]) => [
    key,
    fc.oneof({ weight: 6, arbitrary: right }, anything),
  ]);
  const model = Object.fromEntries(mixed) as Record<string, fc.Arbitrary<unknown>>;
  return fc.oneof({ weight: 4, arbitrary: fc.record(model, { requiredKeys: [] }) }, anything);
}

const text = fc.string({ unit: 'binary' });
const texts = fc.array(text);
const number = fc.oneof(fc.integer(), fc.double());
const environment = fc.dictionary(text, text);

const command = record({
  env: environment,
  workingDir: text,
  user: text,
  tty: fc.oneof(fc.boolean(), record({ cols: number, rows: number })),
  timeoutMs: number,
  stdin: fc.oneof(text, fc.uint8Array()),
  maxBufferedBytes: number,
  encoding: fc.constantFrom('utf8', 'buffer'),
  maxBytes: number,
  check: fc.boolean(),
});

const box = record({
  name: text,
  image: text,
  rootfsPath: text,
  cpus: number,
  memoryMib: number,
  env: environment,
  entrypoint: texts,
  volumes: fc.array(record({ hostPath: text, guestPath: text, readOnly: fc.boolean() })),
  ports: fc.array(record({ guestPort: number, hostPort: number, protocol: fc.constantFrom('tcp', 'udp') })),
  network: record({ outbound: record({ enabled: fc.boolean(), allow: texts }) }),
  secrets: fc.array(record({ name: text, value: text, hosts: texts })),
  capabilities: record({ add: texts, drop: texts }),
  autoStopSeconds: number,
});

const runtime = record({
  engine: fc.oneof(text, record({ library: text })),
  homeDir: text,
  localImagePolicy: text,
  imageRegistries: fc.array(record({ host: text, http: fc.boolean(), password: text })),
});

/** What a reader gives, or undefined after a refusal; anything but a typed one fails. */
function read<T>(attempt: () => T): T | undefined {
  try {
    return attempt();
  } catch (error) {
    if (!isBoxliteError(error)) throw error;
    expect(['invalid_argument', 'unsupported']).toContain(error.code);
    expect(error.message).not.toBe('');
    return undefined;
  }
}

/** Every string of an accepted value, wherever it is. */
function strings(value: unknown): unknown[] {
  if (Array.isArray(value)) return Array.from(value, strings).flat();
  if (typeof value === 'object' && value !== null) return Object.values(value).map(strings).flat();
  return value === undefined || typeof value === 'number' || typeof value === 'boolean' ? [] : [value];
}

/** Nothing but what survives the way through C. */
function expectSafe(value: unknown): void {
  for (const item of strings(value)) {
    expect(typeof item).toBe('string');
    expect(item).not.toMatch(/[\0\p{Surrogate}]/u);
  }
}

function holds(arbitrary: fc.Arbitrary<unknown>, reader: (value: unknown) => unknown): void {
  fc.assert(
    fc.property(arbitrary, (value) => expectSafe(read(() => reader(value)))),
    { numRuns: 500 },
  );
}

describe('whatever is passed, readers accept it or refuse it with a typed error', () => {
  test('options of exec', () => holds(command, (options) => readCommand('true', [], options).native));
  test('options of run', () => holds(command, (options) => readRun('true', [], options).native));
  test('program', () => holds(fc.oneof(text, anything), (name) => readCommand(name, [], {}).native));
  test('arguments', () =>
    holds(fc.oneof(texts, anything), (args) => readCommand('true', args ?? [], {}).native.args));
  test('options of a box', () => {
    holds(box, (options) => readBoxOptions(options, 'embedded'));
    holds(box, (options) => readBoxOptions(options, 'library'));
  });
  test('options of a runtime', () => holds(runtime, readRuntimeOptions));
  test('size of a terminal', () =>
    holds(record({ cols: number, rows: number }), (size) => readTerminalSize(size, 'size')));
  test('signals', () => holds(fc.oneof(text, number, anything), signalNumber));
});

test('an argument is a string in every place of the array', () => {
  fc.assert(
    fc.property(fc.oneof(texts, fc.sparseArray(text)), (args) => {
      const accepted = read(() => readCommand('true', args, {}));
      if (accepted?.native.args)
        expect(Array.from(accepted.native.args, (arg) => typeof arg)).not.toContain('undefined');
    }),
  );
});

test('a hole in an array of objects is refused like any other mistake', () => {
  const ports = [{ guestPort: 80 }];
  ports[2] = { guestPort: 81 };
  expect(() => readBoxOptions({ ports }, 'embedded')).toThrow('ports[1] must be an object, got undefined');
});
