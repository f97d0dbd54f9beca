// A command's output, live and in order, then its end. Run it with: npm run demo
import { ExecutionError, Runtime } from 'boxlite-ffi';

const script = `
for step in fetch build test; do echo "$step"; sleep 0.2; done
echo "one warning" >&2
exit 3`;

const started = performance.now();

function say(what: string, text: string): void {
  const ms = (performance.now() - started).toFixed(1).padStart(7);
  console.log(`${ms} ms  ${what.padEnd(7)} ${text}`);
}

async function main(): Promise<void> {
  await using runtime = await Runtime.open({ engine: 'embedded' });
  const { kind, version, isolation } = runtime.engine;
  say('engine', `${kind} ${version}, isolation: ${isolation}`);

  await using box = await runtime.create({ name: 'demo' });
  say('box', `${box.name} (${box.id})`);

  const execution = await box.exec('sh', ['-c', script]);
  execution.on('exit', ({ exitCode }) => say('exit', `code ${exitCode}, after the last byte`));
  for await (const { stream, data } of execution.output()) say(stream, data.toString().trimEnd());
  const { durationMs } = await execution.wait();
  say('wait', `resolved after exit; the command took ${durationMs.toFixed(1)} ms`);

  const { stdout } = await box.run('wc', ['-c'], { stdin: 'thirteen bytes'.slice(0, 13) });
  say('run', `wc counted ${stdout.trim()} bytes of stdin`);

  try {
    await box.exec('no-such-program');
  } catch (error) {
    if (!(error instanceof ExecutionError)) throw error;
    say('error', `${error.name} (${error.code}): ${error.message}`);
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
