import { Command } from 'commander';
import { printJson, reportFailure } from './report.js';
import { addRuntimeFlags, openRuntime, type RuntimeFlags } from './runtime-flags.js';

/** `boxlite-ffi rm`: removes boxes; one that cannot be removed does not save the others. */
export function rmCommand(): Command {
  return addRuntimeFlags(new Command('rm'), 'kept')
    .description('remove boxes')
    .argument('<box...>', 'ids or names')
    .option('-f, --force', 'also boxes that run')
    .option('--json', 'print JSON')
    .action(remove);
}

async function remove(
  boxes: string[],
  flags: RuntimeFlags & { force?: boolean; json?: boolean },
): Promise<void> {
  await using runtime = await openRuntime(flags, 'kept');
  const removed: string[] = [];
  for (const box of boxes) {
    try {
      await runtime.remove(box, { force: flags.force ?? false });
      removed.push(box);
      if (!flags.json) process.stdout.write(`${box}\n`);
    } catch (error) {
      process.exitCode = reportFailure(error);
    }
  }
  if (flags.json) printJson({ removed });
}
