import type { Execution } from 'boxlite-ffi';

/** Standard input of one execution, across all sockets that ever fed it. */
export class ExecutionInput {
  /** Called when there is room again, or never will be. */
  onRoom: () => void = () => undefined;
  /** Bytes that were taken. */
  bytes = 0;

  readonly #execution: Execution;
  #opened = false;
  #ended: boolean;

  /** @param ended - Whether it was given at the start and takes nothing more. */
  constructor(execution: Execution, ended: boolean) {
    this.#execution = execution;
    this.#ended = ended;
  }

  /** Whether nothing more is taken: its end was asked for, or the process has closed it. */
  get ended(): boolean {
    return this.#ended || (this.#opened && this.#execution.stdin.destroyed);
  }

  /** Writes; false if the caller should wait for {@link onRoom} before more. What comes after the end is discarded. */
  write(data: Buffer): boolean {
    if (this.ended) return true;
    this.bytes += data.length;
    return this.#stream().write(data);
  }

  end(): void {
    if (this.ended) return;
    this.#stream().end();
    this.#ended = true;
  }

  #stream(): Execution['stdin'] {
    const { stdin } = this.#execution;
    if (this.#opened) return stdin;
    this.#opened = true;
    stdin.on('drain', () => this.onRoom());
    // The process has closed its end; whoever writes on is told by the session.
    stdin.on('error', () => (this.#ended = true));
    stdin.on('close', () => this.onRoom());
    return stdin;
  }
}
