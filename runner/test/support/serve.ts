import { once } from 'node:events';
import { Runtime } from 'boxlite-ffi';
import { createRunner } from '../../lib/index.js';

/** The process of a `RunnerProcess`: says where it listens, and ends when its input does. */
async function serve(): Promise<void> {
  const runtime = await Runtime.open({ engine: 'embedded', localImagePolicy: 'host' });
  const runner = await createRunner({ runtime, port: 0 });
  process.stdout.write(`${await runner.listen()}\n`);
  await once(process.stdin.resume(), 'end');
  await runner.close({ graceMs: 0 });
  await runtime.close({ timeoutMs: 0 });
}

void serve();
