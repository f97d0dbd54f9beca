import { createRunner } from 'boxlite-ffi-runner';
import { Agent, request } from 'node:http';
import WebSocket from 'ws';
import { Runtime, type Box } from '../../lib/index.js';

/** What the service costs: the same work through the runner on loopback and through the bridge alone. */
const seconds = Number(process.env['BENCH_SECONDS'] ?? 3);
const width = 16;
const floodBytes = 256 * 1024 * 1024;

interface Figure {
  name: string;
  value: number;
  unit: string;
}

const agent = new Agent({ keepAlive: true, maxSockets: width });

function call(base: string, method: string, path: string, body?: unknown): Promise<Record<string, string>> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const sent = request(base + path, { method, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const answer = Buffer.concat(chunks).toString();
        resolve((answer === '' ? {} : JSON.parse(answer)) as Record<string, string>);
      });
    });
    sent.on('error', reject);
    sent.end(text);
  });
}

/** How often a second something can be done, `width` at a time. */
async function rate(work: () => Promise<unknown>): Promise<number> {
  const until = performance.now() + seconds * 1000;
  const start = performance.now();
  let done = 0;
  async function lane(): Promise<void> {
    while (performance.now() < until) {
      await work();
      done++;
    }
  }
  await Promise.all(Array.from({ length: width }, lane));
  return (done * 1000) / (performance.now() - start);
}

/** Attaches; resolves with the bytes of output when the exit frame has come. */
function attach(base: string, box: string, execution: string): Promise<number> {
  const url = `${base.replace('http', 'ws')}/v1/boxes/${box}/executions/${execution}/attach`;
  const socket = new WebSocket(url, { perMessageDeflate: false });
  let bytes = 0;
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('message', (data, isBinary) => {
      if (isBinary) bytes += (data as Buffer).length - 1;
      else {
        socket.terminate();
        resolve(bytes);
      }
    });
  });
}

async function throughput(run: () => Promise<number>): Promise<number> {
  const start = performance.now();
  const bytes = await run();
  if (bytes !== floodBytes) throw new Error(`${bytes} of ${floodBytes} bytes arrived`);
  return bytes / 1e6 / ((performance.now() - start) / 1000);
}

async function bridge(box: Box): Promise<Figure[]> {
  const flood = async (): Promise<number> => {
    const execution = await box.exec('head', ['-c', String(floodBytes), '/dev/zero'], { stdin: 'ignore' });
    let bytes = 0;
    for await (const chunk of execution.stdout) bytes += (chunk as Buffer).length;
    return bytes;
  };
  return [
    { name: 'bridge: info()', value: await rate(() => box.info()), unit: '/s' },
    { name: 'bridge: exec to end', value: await rate(() => box.run('true')), unit: '/s' },
    { name: 'bridge: output', value: await throughput(flood), unit: 'MB/s' },
  ];
}

async function service(base: string, box: string): Promise<Figure[]> {
  const exec = async (command: string, args: string[] = []): Promise<string> =>
    (await call(base, 'POST', `/v1/boxes/${box}/exec`, { command, args }))['execution_id'] ?? '';
  const roundTrip = async (): Promise<unknown> => attach(base, box, await exec('true'));
  const flood = async (): Promise<number> =>
    attach(base, box, await exec('head', ['-c', String(floodBytes), '/dev/zero']));
  return [
    { name: 'runner: GET /v1/config', value: await rate(() => call(base, 'GET', '/v1/config')), unit: '/s' },
    { name: 'runner: GET box', value: await rate(() => call(base, 'GET', `/v1/boxes/${box}`)), unit: '/s' },
    { name: 'runner: exec, attach, exit', value: await rate(roundTrip), unit: '/s' },
    { name: 'runner: attach output', value: await throughput(flood), unit: 'MB/s' },
  ];
}

async function main(): Promise<void> {
  await using runtime = await Runtime.open({ engine: 'embedded' });
  const box = await runtime.create();
  await box.run('true');
  await using runner = await createRunner({ runtime, port: 0, limits: { executionsPerBox: 100_000 } });
  const figures = [...(await bridge(box)), ...(await service(await runner.listen(), box.id))];
  for (const { name, value, unit } of figures)
    console.log(`${name.padEnd(30)} ${value.toFixed(0).padStart(8)} ${unit}`);
  agent.destroy();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
