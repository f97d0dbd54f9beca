import { Command, InvalidArgumentError as UsageError, Option } from 'commander';
import { drain, drainPatterns, type DrainPattern, type DrainReport } from '../bench/drain.js';
import { drainText } from '../bench/drain-report.js';
import type { DrainTarget } from '../bench/drain-target.js';
import { isClean } from '../bench/drain-tally.js';
import { FfiTarget } from '../bench/ffi-target.js';
import { Progress } from '../bench/progress.js';
import { RunnerTarget } from '../bench/runner-target.js';
import { compact } from '../options.js';

interface DrainFlags {
  engine: string;
  execs: number;
  concurrency: number;
  bytes: number;
  pattern: DrainPattern;
  writer: string;
  image?: string;
  home?: string;
  localImagePolicy?: 'refuse' | 'host';
  apiKey?: string;
  pathPrefix?: string;
  timeoutMs: number;
  showNaive?: true;
  json?: true;
}

/** A run that found something wrong; a mistaken call or an engine that does not open ends with 2. */
const exitUnclean = 1;
const exitUnusable = 2;

/** `boxlite-ffi bench`. */
export function benchCommand(): Command {
  return new Command('bench').description('measure an engine').addCommand(drainCommand());
}

function drainCommand(): Command {
  const command = new Command('drain')
    .description(
      'find out whether an engine loses output: every command writes a checked stream and exits at once',
    )
    .option(
      '--engine <engine>',
      'embedded, auto, the path of a libboxlite, or the URL of a runner',
      'embedded',
    )
    .option('--execs <n>', 'how many executions', wholeNumber, 1000)
    .option('--concurrency <n>', 'how many at once', wholeNumber, 8)
    .option('--bytes <n>', 'what each writes to each of its two streams', wholeNumber, 65_536)
    .addOption(new Option('--pattern <pattern>', 'how it is written').choices(drainPatterns).default('burst'))
    .option(
      '--writer <writer>',
      'what writes it: auto, sh, compiled, script:…, or a program of the box',
      'auto',
    )
    .option('--image <image>', 'image of the box; default: the engine’s own')
    .addOption(
      new Option('--local-image-policy <policy>', 'of an embedded engine, for images').choices([
        'refuse',
        'host',
      ]),
    )
    .option('--home <dir>', 'where the engine keeps its boxes')
    .addOption(new Option('--api-key <key>', 'for a runner').env('BOXLITE_API_KEY'))
    .option('--path-prefix <prefix>', 'for a runner')
    .option('--timeout-ms <ms>', 'after which an execution counts as failed', wholeNumber, 60_000)
    .option('--show-naive', 'also tell what a consumer that resolves on the raw FFI wait would have lost')
    .option('--json', 'print the report as JSON')
    .addHelpText(
      'after',
      '\nExit code: 0 all came, 1 something was lost or out of order, 2 could not be run.',
    );
  // An option out of its range ends as commander ends for it, but not as a loss does.
  command.exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : exitUnusable));
  return command.action(async (flags: DrainFlags) => {
    process.exitCode = await runDrain(flags).catch((error: unknown) => {
      process.stderr.write(
        `boxlite-ffi bench drain: ${error instanceof Error ? error.message : String(error)}\n`,
      );
      return exitUnusable;
    });
  });
}

async function runDrain(flags: DrainFlags): Promise<number> {
  const target = await openTarget(flags);
  const progress = new Progress();
  let report: DrainReport;
  try {
    if (flags.showNaive && !target.seesRawWait) {
      throw new UsageError(
        '--show-naive needs an engine behind the C ABI; a runner does not show its raw wait',
      );
    }
    const { execs: executions, concurrency, bytes, pattern, writer } = flags;
    const onProgress = (done: number, total: number): void =>
      progress.show(`bench drain, ${pattern}`, done, total);
    report = await drain(target, { executions, concurrency, bytes, pattern, writer, onProgress });
  } finally {
    progress.clear();
    await target.close();
  }
  const { naive, ...withoutNaive } = report;
  const shown = flags.showNaive && naive ? report : withoutNaive;
  process.stdout.write(
    `${flags.json ? JSON.stringify(shown, null, 2) : drainText(report, flags.showNaive === true)}\n`,
  );
  return isClean(report) ? 0 : exitUnclean;
}

function openTarget(flags: DrainFlags): Promise<DrainTarget> {
  const { engine, timeoutMs, image, apiKey, pathPrefix, home, localImagePolicy } = flags;
  const common = compact({ timeoutMs, image });
  if (/^https?:\/\//.test(engine)) {
    return RunnerTarget.open(engine, { ...common, ...compact({ apiKey, pathPrefix }) });
  }
  const choice = engine === 'embedded' || engine === 'auto' ? engine : { library: engine };
  return FfiTarget.open({ engine: choice, ...compact({ homeDir: home, localImagePolicy }) }, common);
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new UsageError('It must be a whole number.');
  return Number(text);
}
