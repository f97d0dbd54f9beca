import type { WebSocket } from 'ws';
import type { ExecutionRecord } from '../exec/execution-record.js';
import { controlFailure, readControl, type Control } from './control-frame.js';
import { HttpError } from '../http/http-error.js';

/** What comes from an attached client: bytes for standard input, and control. */
export class InputChannel {
  readonly #socket: WebSocket;
  readonly #record: ExecutionRecord;
  readonly #tell: (message: string) => void;
  #paused = false;
  #toldOfDiscard = false;

  /** @param tell - Sends an error frame. */
  constructor(socket: WebSocket, record: ExecutionRecord, tell: (message: string) => void) {
    this.#socket = socket;
    this.#record = record;
    this.#tell = tell;
    socket.on('message', (data, isBinary) => {
      // ws gives one Buffer unless told otherwise.
      if (isBinary) this.#onInput(data as Buffer);
      else this.#onText((data as Buffer).toString());
    });
    record.input.onRoom = this.#resume;
  }

  /** Whether the socket is not read because the process does not take its input. */
  get paused(): boolean {
    return this.#paused;
  }

  /** The socket is gone; the input stays open for the next one. */
  close(): void {
    if (this.#record.input.onRoom === this.#resume) this.#record.input.onRoom = () => undefined;
  }

  #onInput(data: Buffer): void {
    const { input } = this.#record;
    if (input.ended) {
      if (!this.#toldOfDiscard) this.#tell('standard input is closed; what is sent to it is discarded');
      this.#toldOfDiscard = true;
      return;
    }
    if (data.length === 0 || input.write(data)) return;
    this.#paused = true;
    this.#socket.pause();
  }

  readonly #resume = (): void => {
    if (!this.#paused) return;
    this.#paused = false;
    this.#socket.resume();
  };

  #onText(text: string): void {
    try {
      this.#apply(readControl(text)).catch((error: unknown) => this.#tell(controlFailure(error)));
    } catch (error) {
      this.#tell(controlFailure(error));
    }
  }

  async #apply(control: Control): Promise<void> {
    switch (control.type) {
      case 'stdin_eof':
        return this.#record.input.end();
      case 'signal':
        return this.#record.signal(control.sig);
      case 'resize':
        if (!this.#record.tty) throw HttpError.invalid('it has no terminal to resize');
        return this.#record.resize(control.cols, control.rows);
    }
  }
}
