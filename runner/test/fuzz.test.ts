import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Runtime } from 'boxlite-ffi';
import { createRunner, type Runner } from '../lib/index.js';
import { entryPath, checkLinkTarget } from '../lib/files/entry-path.js';
import { incompleteTail } from '../lib/attach/utf8.js';
import { Attachment } from './support/attachment.js';
import { call, raw } from './support/client.js';

let runtime: Runtime;
let runner: Runner;
let box: string;

beforeAll(async () => {
  runtime = await Runtime.open({ engine: 'embedded', localImagePolicy: 'host' });
  runner = await createRunner({ runtime, port: 0 });
  await runner.listen();
  box = (await call(runner.url, 'POST', '/v1/boxes', { body: {} })).json['box_id'] as string;
});

afterAll(async () => {
  await runner.close({ graceMs: 0 });
  await runtime.close({ timeoutMs: 0 });
});

/** Whatever was sent: an answer that is no 5xx, and if it is a refusal, one with the envelope. */
async function answers(method: string, path: string, body?: unknown): Promise<void> {
  const answer = await call(runner.url, method, path, { body });
  expect(answer.status).toBeLessThan(500);
  if (answer.status < 400 || method === 'HEAD') return;
  expect(answer.json).toMatchObject({
    error: {
      message: expect.any(String) as string,
      type: expect.any(String) as string,
      code: expect.any(String) as string,
    },
  });
}

const runs = { numRuns: 150 };
const anything = fc.oneof(
  fc.jsonValue(),
  fc.string(),
  fc.constantFrom(0, -1, 1.5, 1e300, '', null, [], {}, 2 ** 31, 2 ** 32),
);

/** A request's body: fields that exist with values that may fit. */
const fields = (...names: string[]) =>
  fc.dictionary(fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...names) }, fc.string()), anything, {
    maxKeys: 6,
  });

describe('bodies', () => {
  it('of create', () =>
    fc.assert(
      fc.asyncProperty(
        fields(
          'name',
          'image',
          'cpus',
          'memory_mib',
          'env',
          'network',
          'secrets',
          'volumes',
          'advanced',
          'auto_stop',
          'auto_delete',
          'cmd',
          'user',
          'working_dir',
        ),
        (body) => answers('POST', '/v1/boxes', body),
      ),
      runs,
    ));

  it('of exec', () =>
    fc.assert(
      fc.asyncProperty(
        fields('args', 'env', 'working_dir', 'timeout_seconds', 'tty', 'stdin'),
        fc.constantFrom('true', 'false', '', '/', '.', 'nope', 5),
        (body, command) => answers('POST', `/v1/boxes/${box}/exec`, { ...body, command }),
      ),
      runs,
    ));

  it('of control, stop and start', () =>
    fc.assert(
      fc.asyncProperty(
        fields('signal', 'cols', 'rows', 'timeout_seconds'),
        fc.constantFrom('executions/x/signal', 'executions/x/resize', 'start'),
        (body, path) => answers('POST', `/v1/boxes/${box}/${path}`, body),
      ),
      runs,
    ));

  it('that are any bytes', () =>
    fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 2000 }),
        fc.constantFrom(['POST', '/v1/boxes'], ['POST', `exec`], ['PUT', 'files?path=/tmp/fuzz-never-made/']),
        (bytes, [method = '', path = '']) =>
          answers(method, path.startsWith('/') ? path : `/v1/boxes/${box}/${path}`, Buffer.from(bytes)),
      ),
      runs,
    ));
});

describe('paths and raw bytes', () => {
  it('any path has an answer', () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'),
        fc.array(
          fc.oneof(
            fc.constantFrom('v1', 'boxes', 'executions', 'files', 'metrics', '..', '.', '%00', '%', ''),
            fc.webSegment(),
          ),
          {
            maxLength: 7,
          },
        ),
        (method, segments) => answers(method, `/${segments.join('/')}`),
      ),
      runs,
    ));

  it('any bytes on a socket do no harm', () =>
    fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 500 }), async (bytes) => {
        // Empty lines may stand before a request: the server waits for it, longer than this test.
        fc.pre(bytes.some((byte) => byte !== 10 && byte !== 13));
        const text = await raw(runner.url, Buffer.concat([bytes, Buffer.from('\r\n\r\n\r\n')])).catch(
          () => '',
        );
        if (text !== '') expect(text).toMatch(/^HTTP\/1.1 4\d\d /);
      }),
      runs,
    ));
});

describe('frames', () => {
  it('of any kind leave the session as it should be', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            fc.uint8Array({ maxLength: 3000 }).map((bytes) => Buffer.from(bytes)),
            fc.string(),
            fc.json(),
            fc
              .record({
                type: fc.constantFrom('resize', 'signal', 'dance', 5),
                cols: anything,
                rows: anything,
                sig: anything,
              })
              .map((frame) =>
                // A signal that would end it is no fuzz.
                JSON.stringify({
                  ...frame,
                  sig: frame.sig === 28 ? 28 : typeof frame.sig === 'number' ? frame.sig + 100 : frame.sig,
                }),
              ),
          ),
          { maxLength: 20 },
        ),
        async (frames) => {
          const started = await call(runner.url, 'POST', `/v1/boxes/${box}/exec`, {
            body: { command: 'cat' },
          });
          const client = await Attachment.open(
            `${runner.url}/v1/boxes/${box}/executions/${String(started.json['execution_id'])}/attach`,
          );
          for (const frame of frames) client.socket.send(frame);
          client.send({ type: 'stdin_eof' });
          expect(await client.end()).toEqual({ exitCode: 0, code: 1000 });
          const sent = Buffer.concat(frames.flatMap((frame) => (typeof frame === 'string' ? [] : [frame])));
          expect(client.bytes().equals(sent)).toBe(true);
        },
      ),
      { numRuns: 60 },
    ));
});

describe('small parts', () => {
  it('a cut at incompleteTail cuts no character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(), (text, at) => {
        const bytes = Buffer.from(text);
        const cut = bytes.subarray(0, at % (bytes.length + 1));
        const whole = cut.subarray(0, cut.length - incompleteTail(cut));
        expect(Buffer.from(whole.toString()).equals(whole)).toBe(true);
        expect(incompleteTail(whole)).toBe(0);
      }),
    );
  });

  it('no name and no link of an archive leads out', () => {
    const segment = fc.oneof(fc.constantFrom('..', '.', '', 'a', 'b'), fc.string());
    fc.assert(
      fc.property(fc.array(segment), fc.array(segment), (name, target) => {
        try {
          const path = entryPath(name.join('/'));
          expect(path.split('/')).not.toContain('..');
          expect(path.startsWith('/')).toBe(false);
          checkLinkTarget(path, target.join('/'));
        } catch (error) {
          if ((error as { status?: number }).status !== 400) throw error;
          return;
        }
        // Where the link leads, step by step from its own folder: never above the root.
        let depth = entryPath(name.join('/')).split('/').length - 1;
        for (const step of target.join('/').split('/')) {
          if (step === '..') depth--;
          else if (step !== '' && step !== '.') depth++;
        }
        expect(depth).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
