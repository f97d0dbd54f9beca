import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { Figures, Params } from './measures.js';
import { program, root } from './programs.js';
import type { Rival } from './question.js';
import type { Answer } from './worker.js';

/** A rival that is ready to be asked, round by round. */
export interface Contender {
  ask(measure: string, params: Params): Promise<Figures>;
  close(): Promise<void>;
}

/** Why a rival is left out; anything else that is thrown is a failed measurement. */
export class LeftOut extends Error {}

/** Starts a rival's process. @throws LeftOut if it is not installed or does not run here. */
export async function openContender(rival: Rival): Promise<Contender> {
  return rival.limit === undefined ? Worker.open(rival) : new Limit(rival.limit);
}

/** The C program, run anew for every round. */
class Limit implements Contender {
  readonly #args: string[];

  constructor(args: string[]) {
    this.#args = args;
  }

  async ask(_measure: string, params: Params): Promise<Figures> {
    const { stdout } = await promisify(execFile)(program('limit'), scaled(this.#args, params));
    const told = JSON.parse(stdout) as Figures & { bytes?: number; seconds?: number };
    if (told.bytes === undefined || told.seconds === undefined) return told;
    return {
      gbPerSecond: told.bytes / 1e9 / told.seconds,
      mbPerSecond: told.bytes / 1e6 / told.seconds,
      millionPerSecond: told.bytes / 32 / 1e6 / told.seconds,
    };
  }

  async close(): Promise<void> {}
}

/** The C program's arguments with the size of this run, which each of its modes takes third. */
function scaled(args: string[], params: Params): string[] {
  const size = params['executions'] ?? params['bytes'] ?? params['lines'] ?? params['count'];
  return size === undefined ? args : args.with(2, String(size));
}

/** A process of worker.js. */
class Worker implements Contender {
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  private constructor(child: ChildProcess) {
    this.#child = child;
    if (child.stdout === null) throw new Error('a worker needs its stdout');
    this.#answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  static async open({ peer, heapMegabytes = 0 }: Rival): Promise<Worker> {
    const { command, args } = runtimeOf(peer);
    const script = [join(root, 'bench/dist/worker.js'), peer, String(heapMegabytes)];
    const child = spawn(command, [...args, ...script], { stdio: ['pipe', 'pipe', 'inherit'] });
    const failed = once(child, 'error').then(([error]) => {
      throw new LeftOut((error as Error).message);
    });
    const worker = new Worker(child);
    const first = await Promise.race([worker.#next(), failed]);
    if ('left' in first) throw new LeftOut(first.left);
    return worker;
  }

  async ask(measure: string, params: Params): Promise<Figures> {
    this.#child.stdin?.write(`${JSON.stringify({ measure, params })}\n`);
    const answer = await this.#next();
    if ('left' in answer) throw new LeftOut(answer.left);
    if ('error' in answer) throw new Error(answer.error);
    return answer.figures;
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exit = once(this.#child, 'exit');
    this.#child.stdin?.end();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 10_000);
    await exit;
    clearTimeout(timer);
  }

  async #next(): Promise<Answer> {
    const { value, done } = await this.#answers.next();
    if (done === true)
      throw new Error(`the worker ended (${this.#child.exitCode ?? this.#child.signalCode})`);
    return JSON.parse(value) as Answer;
  }
}

/** What runs a peer: Bun and Deno bring their own runtime. */
function runtimeOf(peer: string): { command: string; args: string[] } {
  const bin = (name: string) => {
    const path = join(root, 'bench/node_modules/.bin', name);
    if (!existsSync(path)) throw new LeftOut('not installed');
    return path;
  };
  if (peer === 'bun') return { command: bin('bun'), args: ['run'] };
  if (peer === 'deno')
    return { command: bin('deno'), args: ['run', '-A', '--no-prompt', '--quiet', '--no-check'] };
  return { command: process.execPath, args: ['--max-old-space-size=8192'] };
}
