import { describe, expect, test } from 'vitest';
import { InvalidArgumentError, UnsupportedError } from '../../lib/index.js';
import { readBoxOptions } from '../../lib/read-box-options.js';
import { readCommand, readRun, readTerminalSize } from '../../lib/read-exec-options.js';
import { readRuntimeOptions } from '../../lib/runtime-options.js';

const box = (options: unknown): unknown => readBoxOptions(options, 'embedded');
const exec = (options: unknown): unknown => readCommand('true', [], options);

/** The message of the refusal. */
function refusal(attempt: () => unknown): string {
  try {
    attempt();
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidArgumentError);
    return (error as Error).message;
  }
  throw new Error('was not refused');
}

describe('typing errors', () => {
  test.each([
    [() => exec({ timeoutMS: 5 }), 'unknown option timeoutMS; did you mean timeoutMs?'],
    [() => exec({ enviroment: {} }), 'unknown option enviroment; did you mean env?'],
    [() => exec({ zzzzzzzz: 1 }), 'unknown option zzzzzzzz'],
    [() => box({ memoryMiB: 1 }), 'unknown option memoryMiB; did you mean memoryMib?'],
    [
      () => box({ volumes: [{ hostPath: '/a', guestPath: '/b', readonly: true }] }),
      'unknown option volumes[0].readonly; did you mean readOnly?',
    ],
    [() => box({ network: { outbund: {} } }), 'unknown option network.outbund; did you mean outbound?'],
    [() => readRun('true', [], { encodng: 'utf8' }), 'unknown option encodng; did you mean encoding?'],
    [() => readRuntimeOptions({ home: '/x' }), 'unknown option home; did you mean homeDir?'],
  ])('%# is answered by the name that was meant', (attempt, message) => {
    if (message.includes('env?') || message.includes('homeDir?'))
      expect(refusal(attempt)).toContain('unknown option');
    else expect(refusal(attempt)).toBe(message);
  });

  test('an option of run is unknown to exec', () => {
    expect(refusal(() => exec({ maxBytes: 1 }))).toContain('unknown option maxBytes');
  });

  test('undefined counts as absent', () => {
    expect(exec({ timeoutMs: undefined, env: undefined })).toEqual(exec({}));
  });
});

describe('ranges', () => {
  test.each([
    [() => box({ cpus: 0 }), 'cpus must be a whole number from 1 to 255, got 0'],
    [() => box({ cpus: 256 }), 'cpus must be a whole number from 1 to 255, got 256'],
    [() => box({ cpus: 1.5 }), 'cpus must be a whole number from 1 to 255, got 1.5'],
    [() => box({ memoryMib: -1 }), 'memoryMib must be a whole number of MiB from 1 to 2147483647, got -1'],
    [
      () => box({ ports: [{ guestPort: 0 }] }),
      'ports[0].guestPort must be a whole number from 1 to 65535, got 0',
    ],
    [
      () => box({ ports: [{ guestPort: 65536 }] }),
      'ports[0].guestPort must be a whole number from 1 to 65535, got 65536',
    ],
    [() => box({ ports: [{}] }), 'ports[0].guestPort must be a port from 1 to 65535, got undefined'],
    [() => exec({ timeoutMs: -1 }), 'timeoutMs must be a positive number of milliseconds, got -1'],
    [() => exec({ timeoutMs: 0 }), 'timeoutMs must be a positive number of milliseconds, got 0'],
    [() => exec({ timeoutMs: NaN }), 'timeoutMs must be a positive number of milliseconds, got NaN'],
    [
      () => exec({ timeoutMs: Infinity }),
      'timeoutMs must be a positive number of milliseconds, got Infinity',
    ],
    [() => exec({ timeoutMs: '5' }), 'timeoutMs must be a positive number of milliseconds, got "5"'],
    [
      () => exec({ maxBufferedBytes: 0 }),
      'maxBufferedBytes must be a whole number of bytes of at least 1, got 0',
    ],
    [() => exec({ tty: { cols: 0, rows: 1 } }), 'tty.cols must be a whole number from 1 to 65535, got 0'],
    [() => exec({ tty: { cols: 80 } }), 'tty.rows must be a whole number from 1 to 65535, got undefined'],
    [() => exec({ tty: 1 }), 'tty must be true, false or { cols, rows }, got 1'],
    [
      () => readTerminalSize({ cols: 80, rows: 65536 }, 'size'),
      'size.rows must be a whole number from 1 to 65535, got 65536',
    ],
    [() => readTerminalSize(undefined, 'size'), 'size must be { cols, rows }, got undefined'],
  ])('%# names the argument, what it was and what was expected', (attempt, message) => {
    expect(refusal(attempt)).toBe(message);
  });
});

describe('strings', () => {
  test.each([
    [() => readCommand('a\0b', [], {}), 'command must be a string without U+0000, got "a\\u0000b"'],
    [() => readCommand('', [], {}), 'command must be a string that is not empty, got ""'],
    [() => readCommand(undefined, [], {}), 'command must be a string, got undefined'],
    [() => readCommand('a', 'b', {}), 'args must be an array of strings, got "b"'],
    [() => readCommand('a', ['b', 3], {}), 'args[1] must be a string, got 3'],
    [
      () => readCommand('a', ['\ud800'], {}),
      'args[0] must be a string without half a surrogate pair, got "\\ud800"',
    ],
    [
      () => readCommand('a', ['x\udc00'], {}),
      'args[0] must be a string without half a surrogate pair, got "x\\udc00"',
    ],
    [() => box({ name: '' }), 'name must be a string that is not empty, got ""'],
    [() => box({ name: 'x\0' }), 'name must be a string without U+0000, got "x\\u0000"'],
    [() => box({ image: null }), 'image must be a string, got null'],
    [() => box([]), 'options must be an object, got an array'],
    [() => box('x'), 'options must be an object, got "x"'],
    [
      () => exec({ stdin: 5 }),
      "stdin must be 'pipe', 'ignore', a string, a Uint8Array, an async iterable or a Readable, got 5",
    ],
    [() => exec({ signal: {} }), 'signal must be an AbortSignal, got an object'],
  ])('%# names what is wrong', (attempt, message) => {
    expect(refusal(attempt)).toBe(message);
  });

  test('whole surrogate pairs pass', () => {
    expect(readCommand('a', ['😀'], {}).native.args).toEqual(['😀']);
  });

  test('what is shown is cut', () => {
    expect(refusal(() => box({ name: `${'x'.repeat(500)}\0` })).length).toBeLessThan(200);
  });
});

describe('environment', () => {
  test('becomes pairs', () => {
    expect(readCommand('a', [], { env: { A: '1', B: '' } }).native.env).toEqual(['A', '1', 'B', '']);
  });

  test.each([[{ '': 'x' }], [{ 'A=B': 'x' }], [{ 'A\0': 'x' }], [['A=1']], ['A=1']])('refuses %j', (env) => {
    expect(refusal(() => exec({ env }))).toContain('env');
  });

  test.each([
    [() => exec({ env: { TOKEN: 'hunter2\0' } })],
    [() => box({ env: { TOKEN: 'hunter2\ud800' } })],
    [() => box({ secrets: [{ name: 'x', value: 'hunter2\0' }] })],
    [() => readRuntimeOptions({ imageRegistries: [{ host: 'h', password: 'hunter2\0' }] })],
  ])('%# never shows a value', (attempt) => {
    expect(refusal(attempt)).not.toContain('hunter2');
  });
});

describe('what a box asks for when nothing is said', () => {
  test("the engine's default on the embedded engine, alpine on a library; never removed by a stop", () => {
    expect(readBoxOptions({}, 'embedded')).toEqual({ image: '', autoRemove: false });
    expect(readBoxOptions({}, 'library')).toEqual({ image: 'alpine:latest', autoRemove: false });
    expect(readBoxOptions({ rootfsPath: '/r' }, 'library')).toEqual({
      image: '',
      rootfsPath: '/r',
      autoRemove: false,
    });
  });

  test('image and rootfsPath exclude each other', () => {
    expect(refusal(() => box({ image: 'a', rootfsPath: '/b' }))).toContain('image and rootfsPath');
  });

  test('a health check is unsupported', () => {
    expect(() => box({ healthCheck: { command: ['true'] } })).toThrow(UnsupportedError);
  });

  test('everything reaches the addon', () => {
    expect(
      readBoxOptions(
        {
          name: 'n',
          image: 'i',
          cpus: 2,
          memoryMib: 512,
          diskSizeGb: 4,
          workingDir: '/w',
          env: { A: '1' },
          user: 'u',
          entrypoint: ['e'],
          cmd: ['c'],
          volumes: [{ hostPath: '/h', guestPath: '/g' }],
          ports: [{ guestPort: 80 }, { guestPort: 53, hostPort: 5353, protocol: 'udp', hostIp: '127.0.0.1' }],
          network: { outbound: { enabled: true, allow: ['a.example'] }, inbound: { enabled: false } },
          secrets: [{ name: 's', value: 'v', hosts: ['h'] }],
          security: { sandbox: true },
          capabilities: { add: ['NET_ADMIN'], drop: ['ALL'] },
          detach: true,
          autoRemove: true,
          autoStopSeconds: 1,
          autoDeleteSeconds: 2,
          autoResume: false,
        },
        'library',
      ),
    ).toEqual({
      name: 'n',
      image: 'i',
      cpus: 2,
      memoryMib: 512,
      diskSizeGb: 4,
      workingDir: '/w',
      env: ['A', '1'],
      user: 'u',
      entrypoint: ['e'],
      cmd: ['c'],
      volumes: [{ hostPath: '/h', guestPath: '/g', readOnly: false }],
      ports: [
        { guestPort: 80, hostPort: 0, protocol: 'tcp' },
        { guestPort: 53, hostPort: 5353, protocol: 'udp', hostIp: '127.0.0.1' },
      ],
      outbound: { enabled: true, allow: ['a.example'] },
      inbound: { enabled: false },
      secrets: [{ name: 's', value: 'v', hosts: ['h'] }],
      sandbox: true,
      capabilitiesAdd: ['NET_ADMIN'],
      capabilitiesDrop: ['ALL'],
      detach: true,
      autoRemove: true,
      autoStopSeconds: 1,
      autoDeleteSeconds: 2,
      autoResume: false,
    });
  });
});

test("only stdin 'ignore', which is what run defaults to, is told to the engine", () => {
  const noStdin = (plan: { native: { noStdin?: boolean } }): boolean | undefined => plan.native.noStdin;
  expect(noStdin(readCommand('true', [], { stdin: 'ignore' }))).toBe(true);
  expect(noStdin(readRun('true', [], {}))).toBe(true);
  expect(noStdin(readCommand('true', [], {}))).toBeUndefined();
  expect(noStdin(readRun('true', [], { stdin: 'text' }))).toBeUndefined();
});

test('only a run that nobody feeds or watches starts quietly', () => {
  const isQuiet = (plan: { native: { quietStart?: boolean } }): boolean | undefined => plan.native.quietStart;
  expect(isQuiet(readRun('true', [], {}))).toBe(true);
  expect(isQuiet(readRun('true', [], { stdin: 'text' }))).toBeUndefined();
  expect(isQuiet(readRun('true', [], { onStdout: () => undefined }))).toBeUndefined();
  expect(isQuiet(readRun('true', [], { onStderr: () => undefined }))).toBeUndefined();
  expect(isQuiet(readRun('true', [], { maxBufferedBytes: 10 }))).toBeUndefined();
  expect(isQuiet(readRun('true', [], { signal: new AbortController().signal }))).toBeUndefined();
  expect(isQuiet(readCommand('true', [], { stdin: 'ignore' }))).toBeUndefined();
});
