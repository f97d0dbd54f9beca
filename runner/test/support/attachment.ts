import WebSocket from 'ws';

/** What a client of the attach protocol saw, frame by frame, and what it can do. */
export class Attachment {
  readonly socket: WebSocket;
  /** Everything in order: `01`, `02` with their bytes, parsed text frames, `ping`. */
  readonly frames: (
    { stream: 1 | 2; data: Buffer } | { text: Record<string, unknown> } | { ping: string }
  )[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly #waiting: (() => void)[] = [];

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data, isBinary) => this.#push(readFrame(data as Buffer, isBinary)));
    socket.on('ping', (payload) => this.#push({ ping: payload.toString() }));
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => {
        resolve({ code, reason: reason.toString() });
        this.#wake();
      });
    });
    socket.on('error', () => undefined);
  }

  /** Attaches; rejects with the refusal's status and body. */
  static open(
    url: string,
    options: { headers?: Record<string, string>; autoPong?: boolean } = {},
  ): Promise<Attachment> {
    const socket = new WebSocket(url.replace(/^http/, 'ws'), {
      perMessageDeflate: false,
      autoPong: options.autoPong ?? true,
      ...(options.headers ? { headers: options.headers } : {}),
    });
    const attachment = new Attachment(socket);
    return new Promise((resolve, reject) => {
      socket.on('open', () => resolve(attachment));
      socket.on('error', reject);
      socket.on('unexpected-response', (_request, response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          reject(
            Object.assign(new Error(`refused: ${response.statusCode} ${text}`), {
              status: response.statusCode,
              body: JSON.parse(text) as unknown,
              headers: response.headers,
            }),
          );
        });
      });
    });
  }

  bytes(stream: 1 | 2 = 1): Buffer {
    return Buffer.concat(
      this.frames.flatMap((frame) => ('stream' in frame && frame.stream === stream ? [frame.data] : [])),
    );
  }

  get texts(): Record<string, unknown>[] {
    return this.frames.flatMap((frame) => ('text' in frame ? [frame.text] : []));
  }

  get exit(): unknown {
    return this.texts.find(({ type }) => type === 'exit')?.['exit_code'];
  }

  /** Resolves when a condition on what was seen holds; fails if the socket closes before. */
  async until(what: (attachment: Attachment) => boolean): Promise<void> {
    while (!what(this)) {
      if (this.socket.readyState >= WebSocket.CLOSING) throw new Error(`closed after ${this.story()}`);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** Waits for the end and tells the exit code. */
  async end(): Promise<{ exitCode: unknown; code: number }> {
    const { code } = await this.closed;
    return { exitCode: this.exit, code };
  }

  send(value: object): void {
    this.socket.send(JSON.stringify(value));
  }

  /** The kinds of frames in order, pings aside. */
  story(): string {
    return this.frames
      .flatMap((frame) =>
        'stream' in frame ? [`0${frame.stream}`] : 'text' in frame ? [String(frame.text['type'])] : [],
      )
      .join(' ');
  }

  #push(frame: Attachment['frames'][number]): void {
    this.frames.push(frame);
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}

function readFrame(data: Buffer, isBinary: boolean): Attachment['frames'][number] {
  if (!isBinary) return { text: JSON.parse(data.toString()) as Record<string, unknown> };
  return { stream: data[0] as 1 | 2, data: data.subarray(1) };
}
