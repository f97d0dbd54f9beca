import { accessSync, constants, existsSync } from 'node:fs';
import { Command } from 'commander';
import type { Runtime } from '../runtime.js';
import { printJson, printTable } from './report.js';
import { addRuntimeFlags, openRuntime, type RuntimeFlags } from './runtime-flags.js';

interface Finding {
  check: string;
  /** `note`: worth knowing, nothing that must be put right. */
  result: 'ok' | 'note' | 'failed';
  detail: string;
}

/** `boxlite-ffi doctor`: what works here and what does not. The exit code is 1 if something does not. */
export function doctorCommand(): Command {
  return addRuntimeFlags(new Command('doctor'), 'temporary')
    .description('tell what works on this machine')
    .option('--json', 'print JSON')
    .action(examine);
}

async function examine(flags: RuntimeFlags & { json?: boolean }): Promise<void> {
  const findings = [nodeVersion(), virtualisation(), ...(await engine(flags)), await runnerPackage()];
  if (flags.json) printJson(findings);
  else {
    const rows = findings.map(({ check, result, detail }) => [check, result, detail]);
    printTable(['CHECK', 'RESULT', 'DETAIL'], rows);
  }
  if (findings.some(({ result }) => result === 'failed')) process.exitCode = 1;
}

function nodeVersion(): Finding {
  const major = Number(process.versions.node.split('.', 1)[0]);
  const where = `${process.version} on ${process.platform}-${process.arch}`;
  return { check: 'node', result: major >= 20 ? 'ok' : 'failed', detail: `${where}, 20 or newer is needed` };
}

function virtualisation(): Finding {
  const device = '/dev/kvm';
  try {
    accessSync(device, constants.R_OK | constants.W_OK);
    return { check: 'virtualisation', result: 'ok', detail: `${device} can be used` };
  } catch {
    const why = existsSync(device) ? 'may not be used by this user' : 'does not exist';
    return { check: 'virtualisation', result: 'note', detail: `${device} ${why}; a libboxlite needs it` };
  }
}

/** Opens the engine and runs a command in a box of it. */
async function engine(flags: RuntimeFlags): Promise<Finding[]> {
  try {
    await using runtime = await openRuntime(flags, 'temporary');
    const { kind, version, path, isolation } = runtime.engine;
    const detail = `${kind} ${version}${path === undefined ? '' : ` at ${path}`}, isolation: ${isolation}`;
    return [{ check: 'engine', result: 'ok', detail }, await command(runtime)];
  } catch (error) {
    return [{ check: 'engine', result: 'failed', detail: (error as Error).message }];
  }
}

async function command(runtime: Runtime): Promise<Finding> {
  try {
    await using box = await runtime.create();
    const { stdout } = await box.run('echo', ['hello']);
    const works = stdout === 'hello\n';
    return {
      check: 'command',
      result: works ? 'ok' : 'failed',
      detail: `echo hello gave ${JSON.stringify(stdout)}`,
    };
  } catch (error) {
    return { check: 'command', result: 'failed', detail: (error as Error).message };
  }
}

async function runnerPackage(): Promise<Finding> {
  const name: string = 'boxlite-ffi-runner';
  try {
    await import(name);
    return { check: 'runner', result: 'ok', detail: `${name} is installed` };
  } catch {
    return {
      check: 'runner',
      result: 'note',
      detail: `${name} is not installed; only the runner command needs it`,
    };
  }
}
