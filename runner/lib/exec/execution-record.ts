import { randomUUID } from 'node:crypto';
import type { Execution } from 'boxlite-ffi';
import { Bell } from '../bell.js';
import type { Clock } from '../clock.js';
import type { Limits } from '../limits.js';
import { withTimeLimit } from '../time-limit.js';
import { executionEnd, type Doom, type ExecutionEnd, type Outcome } from './execution-end.js';
import { ExecutionInput } from './execution-input.js';
import { OutputLog } from './output-log.js';

/** Whoever is attached: how far it has been sent each stream decides how far the process may run ahead. */
export interface Consumer {
  /** The position up to which a stream was handed to the socket. */
  sent(stream: 0 | 1): number;
  /** There is more to send, or the end. */
  wake(): void;
}

/** How an execution was started. */
export interface Started {
  boxId: string;
  tty: boolean;
  /** Whether its input was given whole at the start. */
  inputGiven: boolean;
}

/** After its client was lost, an end with output left to fetch is not told for so long: the client asks at once. */
const lostClientMs = 5000;

/** How long a kill waits for the news that the process is gone. */
const killNewsMs = 2000;

/**
 * One execution as the runner keeps it: it outlives its sockets, and every byte of its output stays until a client
 * has confirmed it.
 */
export class ExecutionRecord {
  /** Never the engine's own id: nobody can guess this one. */
  readonly id = randomUUID();
  readonly boxId: string;
  readonly tty: boolean;
  readonly startedAt: number;
  readonly outputs: readonly [OutputLog, OutputLog];
  readonly input: ExecutionInput;
  /** Resolves when the process is gone and both outputs are here to their last byte. */
  readonly finished: Promise<ExecutionEnd>;

  readonly #execution: Execution;
  readonly #clock: Clock;
  readonly #limits: Limits;
  readonly #room = new Bell();
  readonly #gone: Promise<void>;
  #consumer: Consumer | undefined;
  #doom: Doom | undefined;
  #end: ExecutionEnd | undefined;
  #lostAt = -Infinity;
  #discarding = false;

  constructor(execution: Execution, started: Started, clock: Clock, limits: Limits) {
    this.#execution = execution;
    this.#clock = clock;
    this.#limits = limits;
    this.boxId = started.boxId;
    this.tty = started.tty;
    this.startedAt = clock.now();
    this.input = new ExecutionInput(execution, started.inputGiven);
    this.outputs = [this.#log(), this.#log()];
    this.#gone = this.#watch();
    const pumps = [this.#pump(0), this.#pump(1)];
    this.finished = Promise.all([this.#gone, ...pumps]).then(() => this.#end as ExecutionEnd);
  }

  /** How it ended; undefined as long as the process runs. */
  get end(): ExecutionEnd | undefined {
    return this.#end;
  }

  get attached(): boolean {
    return this.#consumer !== undefined;
  }

  /** Output that is kept because no client has confirmed it. */
  get unconfirmedBytes(): number {
    return this.outputs[0].end - this.outputs[0].start + this.outputs[1].end - this.outputs[1].start;
  }

  /** The end as a caller may hear of it: not before a client that was just lost had time to come back for the rest. */
  get toldEnd(): ExecutionEnd | undefined {
    return this.#clock.now() - this.#lostAt < lostClientMs ? undefined : this.#end;
  }

  /** A client attaches. From here on the process is held back while more than the memory bound is unsent. */
  attach(consumer: Consumer): void {
    this.#consumer = consumer;
    this.#lostAt = -Infinity;
  }

  /**
   * The client is gone; the process goes on.
   *
   * @param lost - Whether it went without having been told the end, and may come back for it.
   */
  detach(consumer: Consumer, lost: boolean): void {
    if (this.#consumer !== consumer) return;
    this.#consumer = undefined;
    if (lost) this.#lostAt = this.#clock.now();
    this.#room.ring();
  }

  /** Its client has everything before these positions. Said by a session that is over it counts for nothing. */
  confirm(consumer: Consumer, [out, err]: readonly [number, number]): void {
    if (this.#consumer !== consumer) return;
    this.outputs[0].confirm(out);
    this.outputs[1].confirm(err);
  }

  /** The consumer has sent more. */
  progress(): void {
    this.#room.ring();
  }

  /** @throws HttpError 504 if it could not be delivered in time; the engine's errors. */
  signal(signal: number): Promise<void> {
    return this.#deliver('the signal', this.#execution.kill(signal));
  }

  /** @throws HttpError 504 if it could not be delivered in time; the engine's errors. */
  resize(cols: number, rows: number): Promise<void> {
    return this.#deliver('the resize', this.#execution.resize({ cols, rows }));
  }

  /** Kills the whole process group. Resolves when the process is known to be gone, which may take a moment. */
  async kill(doom: Doom): Promise<void> {
    this.doom(doom);
    await this.#deliver('the kill', this.#execution.kill('SIGKILL'));
    let cancel = (): void => undefined;
    const patience = new Promise<void>((resolve) => (cancel = this.#clock.after(killNewsMs, resolve)));
    await Promise.race([this.#gone, patience]);
    cancel();
  }

  /** Somebody is about to end it; the first one counts. */
  doom(doom: Doom): void {
    if (this.#end === undefined) this.#doom ??= doom;
  }

  /** What was announced did not happen. */
  spare(doom: Doom): void {
    if (this.#end === undefined && this.#doom === doom) this.#doom = undefined;
  }

  /** Releases everything; kills it if it still runs. */
  async dispose(): Promise<void> {
    this.#discarding = true;
    this.#room.ring();
    await this.#execution.close().catch(() => undefined);
    for (const log of this.outputs) log.dispose();
  }

  #log(): OutputLog {
    const log = new OutputLog(this.#limits.spoolMemoryBytes);
    log.onChange = () => this.#consumer?.wake();
    return log;
  }

  #deliver(what: string, delivery: Promise<void>): Promise<void> {
    return withTimeLimit(this.#clock, this.#limits.deliveryMs, what, delivery);
  }

  async #watch(): Promise<void> {
    const outcome: Outcome = await this.#execution.wait({ drain: false }).then(
      (status) => ({ status }),
      (error: unknown) => ({ error }),
    );
    this.#end = executionEnd(outcome, this.#doom, this.startedAt, this.#clock.now());
    this.input.end();
  }

  /** Moves one stream from the bridge into its log. */
  async #pump(stream: 0 | 1): Promise<void> {
    const log = this.outputs[stream];
    const source = stream === 0 ? this.#execution.stdout : this.#execution.stderr;
    try {
      for await (const chunk of source as AsyncIterable<Buffer>) {
        await this.#turn(log, stream);
        if (!this.#discarding) await this.#keep(log, chunk);
      }
    } catch (error) {
      // Storage failed, or the execution was closed: in no case may output be missing in silence.
      if (!this.#discarding) this.#give(`its output could not be kept: ${String(error)}`);
    }
    log.finish();
  }

  /** Waits while a client is attached that has yet to be sent what is here. */
  async #turn(log: OutputLog, stream: 0 | 1): Promise<void> {
    while (
      this.#consumer &&
      !this.#discarding &&
      log.end - this.#consumer.sent(stream) >= this.#limits.spoolMemoryBytes
    ) {
      await this.#room.wait();
    }
  }

  async #keep(log: OutputLog, chunk: Buffer): Promise<void> {
    if (log.end - log.start + chunk.length <= this.#limits.spoolMaxBytes) return log.append(chunk);
    this.#give(`more than ${this.#limits.spoolMaxBytes} bytes of its output were not fetched`);
  }

  /** Ends it because its output cannot be delivered whole. */
  #give(message: string): void {
    this.#discarding = true;
    if (this.#end) this.#end = { ...this.#end, exitCode: -1, errorMessage: message };
    else {
      this.#doom = { by: 'runner', message };
      this.#execution.kill('SIGKILL').catch(() => undefined);
    }
  }
}
