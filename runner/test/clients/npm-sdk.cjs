'use strict';
// Drives a runner with the published npm SDK. Usage: npm-sdk.cjs FOLDER URL KEY; the SDK is installed in FOLDER.
const assert = require('node:assert/strict');
const { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { report, check } = require('./checks.cjs');

const [folder, url, key] = process.argv.slice(2);
const sdk = createRequire(join(folder, 'index.js'))('@boxlite-ai/boxlite');
const { JsBoxlite, JsBoxliteRestOptions, ApiKeyCredential } = sdk.getNativeModule();

const connect = (token = key, prefix = null) =>
  JsBoxlite.rest(new JsBoxliteRestOptions(url, token === null ? null : new ApiKeyCredential(token), prefix));
const client = connect();
const options = { image: 'alpine:latest', cpus: 1, memoryMib: 256, env: [{ key: 'A', value: 'b' }] };

async function textOf(stream) {
  let text = '';
  for (let chunk = await stream.next(); chunk !== null; chunk = await stream.next()) text += chunk;
  return text;
}

async function finish(execution) {
  const [stdout, stderr] = await Promise.all([
    textOf(await execution.stdout()),
    textOf(await execution.stderr()),
  ]);
  return { stdout, stderr, ...(await execution.wait()) };
}

const sh = (box, script, ...more) => box.exec('sh', ['-c', script], ...more);

/** A box that is gone afterwards. */
async function withBox(use) {
  const box = await client.create(options);
  try {
    return await use(box);
  } finally {
    await client.remove(box.id, true).catch(() => undefined);
  }
}

async function main() {
  await check('create, look at, list, remove', async () => {
    const box = await client.create(options, 'named');
    assert.match(box.id, /^[0-9A-Za-z]{12}$/);
    const info = await client.getInfo('named');
    assert.deepEqual(
      [info.id, info.name, info.state.running, info.image],
      [box.id, 'named', false, 'alpine:latest'],
    );
    assert.deepEqual([info.cpus, info.memoryMib], [1, 256]);
    assert.ok((await client.listInfo()).some(({ id }) => id === box.id));
    assert.equal((await client.get('named')).id, box.id);
    await client.remove('named', false);
    assert.equal(await client.getInfo('named'), null);
    assert.equal(await client.get('named'), null);
  });

  await check('run: output, exit code, environment, folder, time limit', () =>
    withBox(async (box) => {
      const plain = await finish(await sh(box, 'echo out; echo err >&2; exit 3'));
      assert.deepEqual([plain.stdout, plain.stderr, plain.exitCode], ['out\n', 'err\n', 3]);
      const env = await finish(await sh(box, 'echo $A $K $PWD', [['K', 'V']], false, null, 30, '/tmp'));
      assert.equal(env.stdout, 'b V /tmp\n');
      const late = await finish(await box.exec('sleep', ['60'], null, false, null, 0.2, null));
      assert.ok(late.exitCode === -15 || late.exitCode === 143, `exit code ${late.exitCode}`);
    }),
  );

  await check('stdin, end of input, UTF-8', () =>
    withBox(async (box) => {
      const cat = await box.exec('cat', []);
      const stdin = await cat.stdin();
      await stdin.writeString('grüße 😀\n');
      await stdin.write(Buffer.from('bytes\n'));
      await stdin.close();
      assert.deepEqual(await finish(cat).then(({ stdout, exitCode }) => [stdout, exitCode]), [
        'grüße 😀\nbytes\n',
        0,
      ]);
    }),
  );

  await check('5 MiB in one write come back', () =>
    withBox(async (box) => {
      const cat = await box.exec('cat', []);
      const stdin = await cat.stdin();
      const text = 'üabcdefg'.repeat(5 * 2 ** 17);
      const read = finish(cat);
      await stdin.write(Buffer.from(text));
      await stdin.close();
      const { stdout, exitCode } = await read;
      assert.equal(exitCode, 0);
      assert.ok(stdout === text, `${stdout.length} of ${text.length} characters`);
    }),
  );

  await check('20 MiB of output, exact', () =>
    withBox(async (box) => {
      const { stdout, exitCode } = await finish(await box.exec('seq', ['1', '3000000']));
      assert.equal(exitCode, 0);
      const lines = stdout.split('\n');
      assert.equal(lines.length, 3_000_001);
      assert.ok(lines.every((line, index) => index === 3_000_000 || line === String(index + 1)));
    }),
  );

  await check('kill, and kill at once', () =>
    withBox(async (box) => {
      const sleep = await box.exec('sleep', ['60']);
      await sleep.kill();
      assert.ok([-9, 137].includes((await sleep.wait()).exitCode));
      const ready = await sh(box, 'echo ready; exec sleep 60');
      assert.equal(await (await ready.stdout()).next(), 'ready\n');
      await ready.kill();
      assert.ok([-9, 137].includes((await ready.wait()).exitCode));
    }),
  );

  await check('signals, and those that are refused', () =>
    withBox(async (box) => {
      const trap = await sh(box, "trap 'echo caught; exit 7' TERM; echo ready; while :; do sleep 0.05; done");
      const stdout = await trap.stdout();
      assert.equal(await stdout.next(), 'ready\n');
      await assert.rejects(trap.signal(9), /invalid argument/i);
      await trap.signal(15);
      assert.equal(await textOf(stdout), 'caught\n');
      assert.equal((await trap.wait()).exitCode, 7);
      await assert.rejects(trap.signal(15), /invalid state/i);
    }),
  );

  await check('a terminal and its size', () =>
    withBox(async (box) => {
      const script = "trap 'stty size; exit 0' WINCH; stty size; echo ready; while :; do sleep 0.05; done";
      const tty = await sh(box, script, null, true);
      const stdout = await tty.stdout();
      let seen = '';
      while (!seen.includes('ready')) seen += await stdout.next();
      assert.match(seen, /24 80/);
      await tty.resizeTty(40, 120);
      assert.match(await textOf(stdout), /40 120/);
      assert.equal((await tty.wait()).exitCode, 0);
    }),
  );

  await check('stop ends what runs, twice is fine, start works again', () =>
    withBox(async (box) => {
      const sleep = await box.exec('sleep', ['60']);
      const ended = sleep.wait();
      await box.stop();
      assert.ok((await ended).exitCode !== 0);
      await box.stop();
      await assert.rejects(box.exec('true', []), /stopped/i);
      await box.start();
      await box.start();
      assert.equal((await finish(await box.exec('echo', ['again']))).stdout, 'again\n');
    }),
  );

  await check('remove under a running execution ends its wait', () =>
    withBox(async (box) => {
      const sleep = await box.exec('sleep', ['60']);
      const ended = sleep.wait();
      await assert.rejects(client.remove(box.id, false), /invalid state/i);
      await client.remove(box.id, true);
      assert.ok((await ended).exitCode !== 0);
      await assert.rejects(box.exec('true', []), /not found/i);
      await assert.rejects(client.remove(box.id, true), /not found/i);
    }),
  );

  await check('errors keep their type', () =>
    withBox(async (box) => {
      await assert.rejects(box.exec('/nonexistent/binary', []), /execution/i);
      await assert.rejects(client.create({ ...options, cpus: 0 }), /invalid argument/i);
      const named = await client.create(options, 'taken');
      await assert.rejects(client.create(options, 'taken'), /already exists/i);
      await client.remove(named.id, true);
      await assert.rejects(connect('wrong').listInfo(), /auth/i);
      await assert.rejects(connect(null).listInfo(), /auth/i);
    }),
  );

  await check('a silent command is not taken for dead', () =>
    withBox(async (box) => {
      const start = Date.now();
      const { stdout, exitCode } = await finish(await sh(box, 'sleep 12; echo done'));
      assert.deepEqual([stdout, exitCode], ['done\n', 0]);
      assert.ok(Date.now() - start < 20_000, `took ${Date.now() - start} ms`);
    }),
  );

  await check('files and directories in and out', () => withBox(copies));
  await check('prefixes of one and two segments', async () => {
    for (const prefix of ['team', 'eu/team-42']) {
      const other = connect(key, prefix);
      const box = await other.create(options);
      assert.equal((await finish(await box.exec('echo', [prefix]))).stdout, `${prefix}\n`);
      await other.remove(box.id, true);
    }
  });
  await check('metrics', () =>
    withBox(async (box) => {
      await finish(await box.exec('echo', ['12345']));
      assert.ok((await client.metrics()).numRunningBoxes >= 1);
      const metrics = await box.metrics();
      assert.deepEqual([metrics.commandsExecutedTotal, metrics.bytesReceivedTotal], [1, 6]);
    }),
  );
  report('npm SDK');
}

async function copies(box) {
  const here = mkdtempSync(join(tmpdir(), 'client-here-'));
  const there = mkdtempSync(join(tmpdir(), 'client-there-'));
  try {
    writeFileSync(join(here, 'file'), 'text');
    await box.copyIn(join(here, 'file'), join(there, 'renamed'));
    assert.equal(readFileSync(join(there, 'renamed'), 'utf8'), 'text');
    mkdirSync(join(here, 'folder'));
    writeFileSync(join(here, 'folder', 'only'), 'one');
    await box.copyIn(join(here, 'folder'), join(there, 'folder'));
    assert.deepEqual(
      readdirSync(join(there, 'folder'), { recursive: true }).filter((name) => /only$/.test(name)).length,
      1,
    );
    await box.copyOut(join(there, 'renamed'), join(here, 'out'));
    assert.equal(readFileSync(join(here, 'out'), 'utf8'), 'text');
    mkdirSync(join(there, 'single'));
    writeFileSync(join(there, 'single', 'only'), 'one');
    await box.copyOut(join(there, 'single'), join(here, 'single'));
    const names = readdirSync(join(here, 'single'), { recursive: true });
    assert.ok(
      names.some((name) => name === 'only' || name === join('single', 'only')),
      `got ${names.join()}`,
    );
    await assert.rejects(box.copyOut(join(there, 'nothing'), join(here, 'x')), /not found/i);
  } finally {
    for (const path of [here, there]) rmSync(path, { recursive: true, force: true });
  }
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
