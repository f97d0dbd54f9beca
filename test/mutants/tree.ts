import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const root = join(__dirname, '..', '..');

/** A command that a test run is made of. */
export interface Outcome {
  ok: boolean;
  timedOut: boolean;
  output: string;
}

/** What is used of vitest's report. */
interface Report {
  testResults: { name: string; assertionResults: { fullName: string; status: string }[] }[];
}

/**
 * A private copy of the checkout in out/mutants/tree, built in its own folder. It is kept between runs, and a file is
 * written only if it differs, so that only what changed is compiled again.
 */
export class Tree {
  readonly folder = join(root, 'out', 'mutants', 'tree');
  readonly #build = join(root, 'out', 'mutants', 'build');

  /** Brings the copy up to date; a break that an interrupted run left behind is gone then. */
  refresh(): void {
    const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
      cwd: root,
      encoding: 'utf8',
    });
    for (const file of listed.split('\0')) {
      if (file !== '' && existsSync(join(root, file))) this.#put(file, readFileSync(join(root, file)));
    }
    this.#link(join(root, 'node_modules'), 'node_modules');
    this.#link(join(root, 'out', 'fault'), 'out/fault');
    this.#link(join(root, 'out', 'engine'), 'out/engine');
    this.#link(join(this.#build, 'boxlite_ffi.node'), 'build/Release/boxlite_ffi.node');
  }

  read(file: string): string {
    return readFileSync(join(this.folder, file), 'utf8');
  }

  write(file: string, text: string): void {
    this.#put(file, Buffer.from(text));
  }

  configure(): Outcome {
    const options = [
      '-DCMAKE_BUILD_TYPE=Debug',
      '-DBX_TESTS=ON',
      '-DBUILD_ENGINE=OFF',
      '-DBX_FAULT_ENGINE=OFF',
    ];
    return this.#run('cmake', ['-G', 'Ninja', '-S', this.folder, '-B', this.#build, ...options], 120);
  }

  build(...targets: string[]): Outcome {
    return this.#run('cmake', ['--build', this.#build, '-j', '2', '--target', ...targets], 900);
  }

  gtest(name: string, timeoutSeconds: number): Outcome {
    return this.#run(join(this.#build, 'bx_tests'), [`--gtest_filter=${name}`], timeoutSeconds);
  }

  /** The one named test of a file; what the outcome holds is vitest's report, as JSON, where one was written. */
  vitest(file: string, test: string, timeoutSeconds: number): Outcome {
    const pattern = `^${test.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`;
    return this.#vitest([file, '-t', pattern, '--testTimeout=10000', '--hookTimeout=10000'], timeoutSeconds);
  }

  /** Which tests pass: C++ tests of those names, and all in those files of vitest; each as `nameOf` says it. */
  passing(gtests: string[], files: string[]): Set<string> {
    const names = new Set<string>();
    const native = this.gtest(gtests.join(':'), 300).output;
    for (const [, name] of native.matchAll(/\[ {7}OK \] (\S+)/g)) names.add(name as string);
    if (files.length === 0) return names;
    const report = JSON.parse(this.#vitest(files, 300).output) as Report;
    for (const { name, assertionResults } of report.testResults) {
      for (const { fullName, status } of assertionResults) {
        if (status === 'passed') names.add(`${relative(this.folder, name)} > ${fullName}`);
      }
    }
    return names;
  }

  #vitest(args: string[], timeoutSeconds: number): Outcome {
    const report = join(root, 'out', 'mutants', 'vitest.json');
    rmSync(report, { force: true });
    const options = [
      '--reporter=json',
      `--outputFile=${report}`,
      '--config',
      'test/mutants/vitest.config.ts',
    ];
    const vitest = join(this.folder, 'node_modules', 'vitest', 'vitest.mjs');
    const outcome = this.#run(process.execPath, [vitest, 'run', ...args, ...options], timeoutSeconds);
    return { ...outcome, output: existsSync(report) ? readFileSync(report, 'utf8') : outcome.output };
  }

  #put(file: string, bytes: Buffer): void {
    const path = join(this.folder, file);
    if (existsSync(path) && readFileSync(path).equals(bytes)) return;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  }

  #link(target: string, name: string): void {
    const path = join(this.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    rmSync(path, { force: true });
    symlinkSync(target, path);
  }

  #run(command: string, args: string[], timeoutSeconds: number): Outcome {
    const { status, signal, error, stdout, stderr } = spawnSync(command, args, {
      cwd: this.folder,
      encoding: 'utf8',
      timeout: timeoutSeconds * 1000,
      killSignal: 'SIGKILL',
      maxBuffer: 64 * 1024 * 1024,
      // What checks the checkout must not look at the copy's own environment.
      env: { ...process.env, VITE_CONFIG_NATIVE_IGNORE_WARNING: 'true' },
    });
    const timedOut = (error as NodeJS.ErrnoException | undefined)?.code === 'ETIMEDOUT';
    return { ok: status === 0 && signal === null, timedOut, output: `${stdout}${stderr}` };
  }
}
