import { Command } from 'commander';
import { printJson, printTable } from './report.js';
import { addRuntimeFlags, openRuntime, type RuntimeFlags } from './runtime-flags.js';

/** `boxlite-ffi ps`: the boxes of a home. */
export function psCommand(): Command {
  return addRuntimeFlags(new Command('ps'), 'kept')
    .description('list boxes')
    .option('--json', 'print JSON')
    .action(list);
}

async function list(flags: RuntimeFlags & { json?: boolean }): Promise<void> {
  await using runtime = await openRuntime(flags, 'kept');
  const boxes = await runtime.list();
  if (flags.json) return printJson(boxes);
  const rows = boxes.map(({ id, name, status, image, createdAt }) => [
    id,
    name ?? '-',
    status,
    image || '-',
    createdAt.toISOString(),
  ]);
  printTable(['ID', 'NAME', 'STATUS', 'IMAGE', 'CREATED'], rows);
}
