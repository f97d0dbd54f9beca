import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Tries a runner, as the command line starts it, with the clients that others have published: they are installed in
 * folders of their own below out/, so that `npm ci` need not pay for them. Usage: main.ts [clients] [race [BOXES]].
 */
const root = join(__dirname, '..', '..', '..');
const folder = join(root, 'out', 'clients');
const npmPackage = '@boxlite-ai/boxlite@0.9.7';
const pythonPackage = 'boxlite==0.10.8';
const key = 'key-of-the-client-tests';

/** Runs a program to its end, and says so if that is not a good one; its output is ours. */
function run(command: string, args: string[], cwd = root): boolean {
  const { status, signal, error } = spawnSync(command, args, { cwd, stdio: 'inherit', timeout: 300_000 });
  if (status !== 0) console.log(`${args[0]} ended with ${error?.message ?? signal ?? status}`);
  return status === 0;
}

function installNpm(): string {
  const place = join(folder, 'npm');
  if (existsSync(join(place, 'node_modules', '@boxlite-ai', 'boxlite'))) return place;
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, 'package.json'), '{"private":true}\n');
  if (!run('npm', ['install', '--no-audit', '--no-fund', '--save-exact', npmPackage], place)) {
    throw new Error(`${npmPackage} could not be installed`);
  }
  return place;
}

/** The interpreter of a virtual environment that has the package; undefined where that cannot be had. */
function installPython(): string | undefined {
  const place = join(folder, 'python');
  const python = join(place, 'bin', 'python');
  if (!existsSync(python) && !run('python3', ['-m', 'venv', place])) return undefined;
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', pythonPackage];
  return run(python, pip) ? python : undefined;
}

async function startRunner(home: string): Promise<{ url: string; child: ChildProcess }> {
  const cli = join(root, 'dist', 'cli', 'main.js');
  const args = [cli, 'runner', '--listen', '127.0.0.1:0', '--home', home, '--local-image-policy', 'host'];
  const env = { ...process.env, BOXLITE_API_KEY: key };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  for await (const chunk of child.stdout) {
    text += String(chunk);
    const url = /^listening on (\S+)$/m.exec(text)?.[1];
    if (url !== undefined) return { url, child };
  }
  throw new Error('the runner did not start');
}

/** Ends it as an operator would; true if it ended well. */
async function stopRunner(child: ChildProcess): Promise<boolean> {
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  return (await ended) === 0;
}

async function main(): Promise<boolean> {
  const [what = 'clients', boxes = '1000'] = process.argv.slice(2);
  const npm = installNpm();
  const home = mkdtempSync(join(tmpdir(), 'boxlite-clients-'));
  const { url, child } = await startRunner(home);
  const here = (name: string): string => join(__dirname, name);
  let good = true;
  try {
    if (what === 'race') good = run(process.execPath, [here('stdout-race.cjs'), npm, url, key, boxes]);
    else {
      good = run(process.execPath, [here('npm-sdk.cjs'), npm, url, key]);
      const python = installPython();
      if (python === undefined)
        console.log('Python SDK: skipped, there is no Python with venv or no such package');
      else good = run(python, [here('python_sdk.py'), url, key]) && good;
    }
  } finally {
    const endedWell = await stopRunner(child);
    if (!endedWell) console.log('the runner did not end well');
    good &&= endedWell;
    rmSync(home, { recursive: true, force: true });
  }
  return good;
}

main().then(
  (good) => (process.exitCode = good ? 0 : 1),
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
