import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import WebSocket from 'ws';
import { FakeClock } from './support/fake-clock.js';
import { test as base, type TestRunner } from './support/runner.js';

/** What a script waits for when its input is not the way to reach it. */
interface Gate {
  /** The command that waits. */
  wait: string;
  open(): void;
}

const test = base.extend<{ gate: Gate }>({
  gate: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'runner-gate-'));
    const path = join(folder, 'open');
    await use({
      wait: `until [ -e ${path} ]; do sleep 0.02; done`,
      open: () => writeFileSync(path, ''),
    });
    rmSync(folder, { recursive: true });
  },
});

const mebibyte = 1024 * 1024;

/** Writes `count` numbered lines of 64 bytes. */
const lines = (count: number): string =>
  `i=0; while [ $i -lt ${count} ]; do printf '%063d\\n' $i; i=$((i+1)); done`;

function numbered(count: number): string {
  return Array.from({ length: count }, (_, i) => `${String(i).padStart(63, '0')}\n`).join('');
}

/** As many bytes as fast as they come. */
async function flood(runner: TestRunner, box: string, mib: number): Promise<string> {
  return runner.exec(box, 'head', ['-c', String(mib * mebibyte), '/dev/zero']);
}

/** Resolves when the one process is held back because its client does not read, or has ended. */
async function heldBack({ service }: TestRunner): Promise<void> {
  const [record] = service.registry.records;
  const [session] = service.sessions;
  if (!record || !session) throw new Error('nothing runs');
  while (!record.end && record.outputs[0].end - session.sent(0) < service.plan.limits.spoolMemoryBytes) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('output', () => {
  test('comes before the exit frame, and that before close 1000', async ({ runner }) => {
    const box = await runner.box();
    const client = await runner.attach(box, await runner.sh(box, 'echo out; echo err >&2; exit 3'));
    expect(await client.end()).toEqual({ exitCode: 3, code: 1000 });
    expect(client.bytes(1).toString()).toBe('out\n');
    expect(client.bytes(2).toString()).toBe('err\n');
    expect(client.frames[0]).toHaveProperty('ping');
    expect(client.story()).toMatch(/^(01 02|02 01) exit$/);
  });

  test('of a process that ended before anybody attached is all there', async ({ runner }) => {
    const box = await runner.box();
    const execution = await runner.sh(box, lines(80_000));
    expect(await runner.ended(box, execution)).toMatchObject({ status: 'completed', exit_code: 0 });
    const client = await runner.attach(box, execution);
    expect(await client.end()).toEqual({ exitCode: 0, code: 1000 });
    expect(client.bytes().toString() === numbered(80_000)).toBe(true);
  });

  test('of 50 MiB through a socket whose reader pauses is exact, in frames of 64 KiB', async ({ runner }) => {
    const box = await runner.box();
    const client = await runner.attach(box, await flood(runner, box, 50));
    for (let pause = 0; pause < 5; pause++) {
      const before = client.frames.length;
      await client.until(() => client.frames.length > before + 20 || client.exit !== undefined);
      client.socket.pause();
      await heldBack(runner);
      client.socket.resume();
    }
    expect(await client.end()).toEqual({ exitCode: 0, code: 1000 });
    const bytes = client.bytes();
    expect(bytes.length).toBe(50 * mebibyte);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(
      createHash('sha256')
        .update(Buffer.alloc(50 * mebibyte))
        .digest('hex'),
    );
    for (const frame of client.frames) {
      if ('stream' in frame) expect(frame.data.length > 0 && frame.data.length < 65536).toBe(true);
    }
  });

  test('never cuts a character', async ({ runner }) => {
    const box = await runner.box();
    // 3-byte characters do not divide the size of a frame, nor that of a pipe.
    const script = "i=0; while [ $i -lt 20000 ]; do printf 'aüß€😀'; i=$((i+1)); done";
    const client = await runner.attach(box, await runner.sh(box, script));
    await client.end();
    const texts = client.frames.flatMap((frame) => ('stream' in frame ? [frame.data.toString()] : []));
    expect(texts.join('') === 'aüß€😀'.repeat(20_000)).toBe(true);
    expect(texts.some((text) => text.includes('\ufffd'))).toBe(false);
  });

  test('passes on what is no UTF-8, to the last byte', async ({ runner }) => {
    const box = await runner.box();
    const script = "printf '\\377\\376\\303'; read x; printf '\\342\\202'";
    const client = await runner.attach(box, await runner.sh(box, script));
    // What may be the beginning of a character waits a moment, but not for its rest.
    await client.until(() => client.bytes().length === 3);
    client.socket.send(Buffer.from('\n'));
    await client.end();
    expect(client.bytes()).toEqual(Buffer.from([0xff, 0xfe, 0xc3, 0xe2, 0x82]));
  });

  test('of many executions at once is told apart', async ({ runner }) => {
    const box = await runner.box();
    const clients = await Promise.all(
      Array.from({ length: 40 }, async (_, i) =>
        runner.attach(box, await runner.sh(box, `echo ${i}; exit ${i}`)),
      ),
    );
    for (const [i, client] of clients.entries()) {
      expect(await client.end()).toEqual({ exitCode: i, code: 1000 });
      expect(client.bytes().toString()).toBe(`${i}\n`);
    }
  });
});

describe('the handshake', () => {
  test('answers with no subprotocol and no extension, and with the request id', async ({ runner }) => {
    const box = await runner.box();
    const execution = await runner.exec(box, 'sleep', ['60']);
    const url = `${runner.url.replace('http', 'ws')}/v1/boxes/${box}/executions/${execution}/attach`;
    const socket = new WebSocket(url, ['chat'], { headers: { 'x-request-id': 'mine' } });
    socket.on('error', () => undefined);
    const headers = await new Promise<Record<string, unknown>>((resolve) =>
      socket.on('upgrade', (response) => resolve(response.headers)),
    );
    socket.terminate();
    expect(headers).not.toHaveProperty('sec-websocket-protocol');
    expect(headers).not.toHaveProperty('sec-websocket-extensions');
    expect(headers['x-request-id']).toBe('mine');
  });
});

describe('input', () => {
  test('goes in verbatim, ends when asked, and may end twice', async ({ runner }) => {
    const box = await runner.box();
    const client = await runner.attach(box, await runner.exec(box, 'cat'));
    client.socket.send(Buffer.from('hello\n'));
    await client.until(() => client.bytes().length === 6);
    client.send({ type: 'stdin_eof' });
    client.send({ type: 'stdin_eof' });
    expect(await client.end()).toEqual({ exitCode: 0, code: 1000 });
    expect(client.story()).toBe('01 exit');
  });

  test('of 40 MiB in frames of 5 MiB through cat comes back exact', async ({ runner }) => {
    const box = await runner.box();
    const client = await runner.attach(box, await runner.exec(box, 'cat'));
    const block = Buffer.alloc(5 * mebibyte, 'abcdefg');
    for (let i = 0; i < 8; i++) client.socket.send(block);
    client.send({ type: 'stdin_eof' });
    expect(await client.end()).toEqual({ exitCode: 0, code: 1000 });
    expect(client.bytes().equals(Buffer.concat(Array<Buffer>(8).fill(block)))).toBe(true);
  });

  test('given with exec is followed by its end', async ({ runner }) => {
    const box = await runner.box();
    const client = await runner.attach(box, await runner.exec(box, 'cat', [], { stdin: 'given' }));
    expect(await client.end()).toEqual({ exitCode: 0, code: 1000 });
    expect(client.bytes().toString()).toBe('given');
  });

  test('after its end is discarded with one error frame', async ({ runner, gate }) => {
    const box = await runner.box();
    const client = await runner.attach(box, await runner.sh(box, `cat; ${gate.wait}; exit 4`));
    client.send({ type: 'stdin_eof' });
    for (let i = 0; i < 3; i++) client.socket.send(Buffer.from('late'));
    await pong(client);
    gate.open();
    expect(await client.end()).toEqual({ exitCode: 4, code: 1000 });
    expect(client.story()).toBe('error exit');
  });

  test('for a process that closed its end does no harm', async ({ runner, gate }) => {
    const box = await runner.box();
    const script = `exec <&-; echo closed; ${gate.wait}; exit 5`;
    const client = await runner.attach(box, await runner.sh(box, script));
    await client.until(() => client.bytes().includes('closed'));
    const [record] = runner.service.registry.records;
    // The first bytes may still find the pipe open; in the end the runner knows.
    do {
      client.socket.send(Buffer.alloc(100_000));
      await pong(client);
    } while (!record?.input.ended);
    gate.open();
    expect(await client.end()).toEqual({ exitCode: 5, code: 1000 });
    expect(client.texts.filter(({ type }) => type === 'error').length).toBeLessThanOrEqual(1);
  });

  test('that the process does not take stops the socket, not the output or anybody else', async ({
    runner,
    gate,
  }) => {
    const box = await runner.box();
    const stuck = await runner.attach(box, await runner.sh(box, `${gate.wait}; echo done`));
    for (let i = 0; i < 4; i++) stuck.socket.send(Buffer.alloc(5 * mebibyte));
    const other = await runner.attach(box, await runner.sh(box, 'echo other'));
    expect((await other.end()).exitCode).toBe(0);
    gate.open();
    expect((await stuck.end()).exitCode).toBe(0);
    expect(stuck.bytes().toString()).toBe('done\n');
  });

  test('with a terminal ends with its EOF character', async ({ runner }) => {
    const box = await runner.box();
    const client = await runner.attach(box, await runner.exec(box, 'cat', [], { tty: true }));
    client.socket.send(Buffer.from('line\n'));
    await client.until(() => client.bytes().toString().includes('line\r\nline\r\n'));
    client.send({ type: 'stdin_eof' });
    expect((await client.end()).exitCode).toBe(0);
    expect(client.bytes(2)).toHaveLength(0);
  });

  test('over 16 MiB in one message is close 1009', async ({ runner }) => {
    const box = await runner.box();
    const client = await runner.attach(box, await runner.exec(box, 'cat'));
    client.socket.send(Buffer.alloc(16 * mebibyte + 1));
    expect((await client.end()).code).toBe(1009);
  });
});

describe('control frames', () => {
  test('signal and resize reach the process', async ({ runner }) => {
    const box = await runner.box();
    const script =
      "trap 'stty size' WINCH; trap 'exit 7' TERM; stty size; echo ready; while :; do sleep 0.05; done";
    const execution = await runner.sh(box, script, { tty: true });
    const client = await runner.attach(box, execution);
    await client.until(() => client.bytes().includes('ready'));
    expect(client.bytes().toString()).toContain('24 80');
    client.send({ type: 'resize', cols: 120, rows: 40 });
    await client.until(() => client.bytes().includes('40 120'));
    const resized = await runner.call('POST', `/v1/boxes/${box}/executions/${execution}/resize`, {
      body: { cols: 90, rows: 30 },
    });
    expect(resized.status).toBe(204);
    await client.until(() => client.bytes().includes('30 90'));
    client.send({ type: 'signal', sig: 15 });
    expect(await client.end()).toEqual({ exitCode: 7, code: 1000 });
  });

  test('that make no sense get one error frame each, and the socket stays open', async ({ runner }) => {
    const box = await runner.box();
    const client = await runner.attach(box, await runner.exec(box, 'cat'));
    const wrong = [
      'nonsense',
      '[]',
      '{"type":"dance"}',
      '{"type":"resize","cols":0,"rows":1}',
      '{"type":"resize","cols":1}',
      '{"type":"resize","cols":80,"rows":24}',
      '{"type":"signal","sig":9}',
      '{"type":"signal","sig":"TERM"}',
      '{"type":"signal"}',
    ];
    for (const text of wrong) client.socket.send(text);
    await client.until(() => client.texts.length === wrong.length);
    expect(client.texts.every(({ type, message }) => type === 'error' && typeof message === 'string')).toBe(
      true,
    );
    client.send({ type: 'stdin_eof' });
    expect((await client.end()).exitCode).toBe(0);
  });
});

describe('one client at a time', () => {
  test('a second one is 409 while the first is connected', async ({ runner }) => {
    const box = await runner.box();
    const execution = await runner.exec(box, 'cat');
    const first = await runner.attach(box, execution);
    await expect(runner.attach(box, execution)).rejects.toMatchObject({
      status: 409,
      body: { error: { code: 'invalid_state', type: 'InvalidStateError' } },
    });
    first.socket.terminate();
    const second = await attachAgain(runner, box, execution);
    second.send({ type: 'stdin_eof' });
    expect((await second.end()).exitCode).toBe(0);
  });
});

/** Resolves when the runner answers a ping: what was sent before has been read then. */
async function pong({ socket }: { socket: WebSocket }): Promise<void> {
  socket.ping();
  await new Promise((resolve) => socket.once('pong', resolve));
}

/** Pieces that overlap, put together: each begins with a numbered line that is found again in what came before. */
function joined(pieces: Buffer[]): string {
  let all = '';
  for (const piece of pieces.map(String)) {
    if (all === '') all = piece;
    else {
      // Frames end anywhere, so a piece begins anywhere: its first 200 bytes are in what was seen, or right behind it.
      const at = all.lastIndexOf(piece.slice(0, 200));
      all = all.slice(0, at < 0 ? all.length : at) + piece;
    }
  }
  return all;
}

/** Attaches as soon as the place is free. */
async function attachAgain(runner: TestRunner, box: string, execution: string) {
  for (;;) {
    try {
      return await runner.attach(box, execution);
    } catch (error) {
      if ((error as { status?: number }).status !== 409) throw error;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

describe('a broken connection', () => {
  test('loses no byte: what was not confirmed is sent again, and nothing else', async ({ runner }) => {
    const box = await runner.box();
    const execution = await runner.sh(box, `${lines(30_000)}; read x; ${lines(1000)}`);
    const pieces: Buffer[] = [];
    for (let cut = 1; cut <= 4; cut++) {
      const client = await attachAgain(runner, box, execution);
      await client.until(() => client.bytes().length >= 300_000);
      pieces.push(client.bytes());
      client.socket.terminate();
    }
    const last = await attachAgain(runner, box, execution);
    last.socket.send(Buffer.from('go\n'));
    last.send({ type: 'stdin_eof' });
    expect((await last.end()).exitCode).toBe(0);
    pieces.push(last.bytes());
    expect(joined(pieces) === numbered(30_000) + numbered(1000)).toBe(true);
  });

  test('confirmed bytes are not seen again', async ({ runner }) => {
    const box = await runner.box();
    const execution = await runner.sh(box, 'echo first; read x; echo second');
    const client = await runner.attach(box, execution);
    await client.until(() => client.bytes().includes('first'));
    // The ping after it, whose pong ws has sent when we see it.
    await client.until(
      () => client.frames.findLastIndex((f) => 'ping' in f) > client.frames.findIndex((f) => 'stream' in f),
    );
    await pong(client);
    client.socket.terminate();
    const again = await attachAgain(runner, box, execution);
    again.socket.send(Buffer.from('\n'));
    await again.end();
    expect(again.bytes().toString()).toBe('second\n');
  });

  test('without any pong everything is sent again', async ({ runner }) => {
    const box = await runner.box();
    const execution = await runner.sh(box, 'echo first; read x; echo second');
    const client = await runner.attach(box, execution, { autoPong: false });
    await client.until(() => client.bytes().includes('first'));
    client.socket.terminate();
    const again = await attachAgain(runner, box, execution);
    again.socket.send(Buffer.from('\n'));
    expect((await again.end()).exitCode).toBe(0);
    expect(again.bytes().toString()).toBe('first\nsecond\n');
  });

  test('is not the end of input, nor of the process', async ({ runner }) => {
    const box = await runner.box();
    const execution = await runner.exec(box, 'cat');
    (await runner.attach(box, execution)).socket.terminate();
    const again = await attachAgain(runner, box, execution);
    again.socket.send(Buffer.from('still here'));
    await again.until(() => again.bytes().length === 10);
    again.send({ type: 'stdin_eof' });
    expect((await again.end()).exitCode).toBe(0);
  });

  test('an ended execution can be attached to again until it is forgotten', async ({ runner }) => {
    const box = await runner.box();
    const execution = await runner.sh(box, 'echo kept; exit 2');
    for (let i = 0; i < 3; i++) {
      const client = await attachAgain(runner, box, execution);
      expect(await client.end()).toEqual({ exitCode: 2, code: 1000 });
    }
  });
});

describe('a client that is lost', () => {
  test.override({ clock: async ({}, use) => use(new FakeClock()) });

  test('is told nothing of the end for a moment, so that it comes back for the rest', async ({
    runner,
    clock,
  }) => {
    const box = await runner.box();
    const execution = await runner.sh(box, 'echo first; read x; echo rest');
    const client = await runner.attach(box, execution, { autoPong: false });
    await client.until(() => client.bytes().includes('first'));
    client.socket.send(Buffer.from('\n'));
    client.socket.terminate();
    await expect
      .poll(
        async () =>
          (
            await runner.call('POST', `/v1/boxes/${box}/executions/${execution}/signal`, {
              body: { signal: 28 },
            })
          ).status,
      )
      .toBe(409);
    expect((await runner.status(box, execution)).json['status']).toBe('running');
    (clock as FakeClock).advance(5000);
    expect((await runner.status(box, execution)).json).toMatchObject({ status: 'completed', exit_code: 0 });
    const again = await attachAgain(runner, box, execution);
    await again.end();
    expect(again.bytes().toString()).toBe('first\nrest\n');
  });

  test('in silence is given up after 45 s, and its place is free', async ({ runner, clock }) => {
    const box = await runner.box();
    const execution = await runner.exec(box, 'cat');
    const dead = await runner.attach(box, execution, { autoPong: false });
    (clock as FakeClock).advance(44_000);
    await expect(runner.attach(box, execution)).rejects.toMatchObject({ status: 409 });
    (clock as FakeClock).advance(1000);
    expect((await dead.end()).code).toBe(1001);
    const again = await attachAgain(runner, box, execution);
    again.send({ type: 'stdin_eof' });
    expect((await again.end()).exitCode).toBe(0);
  });

  test('is pinged every 15 s, and one that answers stays', async ({ runner, clock }) => {
    const box = await runner.box();
    const client = await runner.attach(box, await runner.exec(box, 'cat'));
    const pings = () => client.frames.filter((frame) => 'ping' in frame).length;
    await client.until(() => pings() === 1);
    for (let i = 2; i <= 10; i++) {
      (clock as FakeClock).advance(15_000);
      await client.until(() => pings() === i);
      // The pong has arrived when our own ping, sent after it, is answered.
      await pong(client);
    }
    client.send({ type: 'stdin_eof' });
    expect((await client.end()).exitCode).toBe(0);
  });
});

describe('memory', () => {
  test.override({ settings: { limits: { spoolMemoryBytes: 64 * 1024, spoolMaxBytes: mebibyte } } });

  test('past the ceiling the execution is killed and says why', async ({ runner }) => {
    const box = await runner.box();
    const execution = await flood(runner, box, 64);
    const end = await runner.ended(box, execution);
    expect(end).toMatchObject({ status: 'killed', exit_code: -1 });
    expect(end['error_message']).toContain('bytes of its output');
    const client = await runner.attach(box, execution);
    expect(await client.end()).toEqual({ exitCode: -1, code: 1000 });
    expect(client.story()).toMatch(/^(01 )+error exit$/);
  });

  test('beyond its bound output goes to disk and comes back in order', async ({ runner }) => {
    const box = await runner.box();
    const execution = await runner.sh(box, lines(16_000));
    await runner.ended(box, execution);
    const client = await runner.attach(box, execution);
    expect((await client.end()).exitCode).toBe(0);
    expect(client.bytes().toString() === numbered(16_000)).toBe(true);
  });
});
