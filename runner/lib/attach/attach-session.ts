import type { FastifyBaseLogger } from 'fastify';
import type { WebSocket } from 'ws';
import { Bell } from '../bell.js';
import type { Clock } from '../clock.js';
import type { ExecutionRecord } from '../exec/execution-record.js';
import type { Limits } from '../limits.js';
import type { Session } from '../service.js';
import { Confirmations } from './confirmations.js';
import { InputChannel } from './input-channel.js';
import { StreamSender } from './stream-sender.js';

/** A ping follows every so many bytes of output. */
const pingBytes = 256 * 1024;

/** How many pings may be unanswered: clients give a connection up on which too many of their pongs are stuck. */
const maxPings = 4;
const maxTimedPings = 32;

/** How much may wait in the socket before sending stops, and where it goes on. */
const highWater = 1024 * 1024;
const lowWater = 256 * 1024;

/** How long a peer may take to answer our close frame. */
const closeGraceMs = 5000;

/** What a session is made of. */
export interface SessionParts {
  socket: WebSocket;
  record: ExecutionRecord;
  clock: Clock;
  limits: Limits;
  log: FastifyBaseLogger;
  /** How many bytes ever came from the peer: its sign of life. */
  bytesRead(): number;
}

/**
 * One client attached to one execution: output out, input and control in. The exit frame is the last thing it sends,
 * after every byte of both streams.
 */
export class AttachSession implements Session {
  /** Resolves when the socket is gone. */
  readonly closed: Promise<void>;

  readonly #parts: SessionParts;
  readonly #socket: WebSocket;
  readonly #record: ExecutionRecord;
  readonly #bell = new Bell();
  readonly #senders: readonly [StreamSender, StreamSender];
  readonly #confirmations = new Confirmations();
  readonly #input: InputChannel;
  #sincePing = 0;
  #lastRead: number;
  #lastSeen: number;
  #open = true;
  #toldEnd = false;

  constructor(parts: SessionParts) {
    const { socket, record, clock, limits } = parts;
    this.#parts = parts;
    this.#socket = socket;
    this.#record = record;
    this.#lastSeen = clock.now();
    this.#lastRead = parts.bytesRead();
    const wake = (): void => this.wake();
    this.#senders = [
      new StreamSender(record.outputs[0], 1, clock, wake),
      new StreamSender(record.outputs[1], 2, clock, wake),
    ];
    this.#input = new InputChannel(socket, record, (message) => this.#tell(message));
    record.attach(this);
    this.#listen();
    const cancel = clock.every(limits.pingMs, () => this.#tick());
    this.closed = new Promise((resolve) => socket.once('close', () => resolve(this.#left(cancel))));
    this.#ping();
    void this.#run();
  }

  sent(stream: 0 | 1): number {
    return this.#senders[stream].position;
  }

  wake(): void {
    this.#bell.ring();
  }

  /** Whether the peer has given no sign of life for so long that it counts as gone. */
  isSilent(): boolean {
    this.#look();
    return this.#parts.clock.now() - this.#lastSeen >= this.#parts.limits.silenceMs;
  }

  /** Ends the session without an exit frame: the client may come back. */
  giveUp(reason: string): void {
    this.#close(1001, reason);
  }

  #listen(): void {
    const socket = this.#socket;
    // A frame that breaks the protocol or is too large: ws has sent the close frame that says so.
    socket.on('error', () => {
      this.#open = false;
      this.wake();
      this.#terminateSoon();
    });
    socket.on('pong', (payload) => this.#onPong(payload.toString('latin1')));
    // Answered by hand: a peer that pings and never reads must not fill our memory with pongs.
    socket.on('ping', (payload) => {
      if (this.#open && socket.bufferedAmount < highWater) socket.pong(payload);
    });
  }

  async #run(): Promise<void> {
    try {
      await this.#deliver();
      const { exitCode, errorMessage } = await this.#record.finished;
      if (!this.#open) return;
      // A code says it all; without one the client is told why.
      if (exitCode === -1 && errorMessage !== undefined) this.#tell(errorMessage);
      this.#toldEnd = await this.#flush(JSON.stringify({ type: 'exit', exit_code: exitCode }));
      this.#close(1000, '');
    } catch (error) {
      if (!this.#open) return;
      this.#parts.log.error({ err: error }, 'an attach session failed');
      this.#tell('the session failed');
      this.#close(1011, 'internal failure');
    }
  }

  /** Sends until both streams were sent to their end, as fast as the peer takes it. */
  async #deliver(): Promise<void> {
    while (this.#open) {
      if (this.#socket.bufferedAmount >= highWater) {
        await this.#bell.wait();
        continue;
      }
      const sentOut = await this.#send(0);
      const sentErr = await this.#send(1);
      if (sentOut || sentErr) continue;
      if (this.#senders.every((sender) => sender.done)) return;
      if (this.#sincePing > 0 && this.#confirmations.waiting === 0) this.#ping();
      await this.#bell.wait();
    }
  }

  /** One frame of one stream; false if there is none. */
  async #send(stream: 0 | 1): Promise<boolean> {
    const frame = await this.#senders[stream].next();
    if (frame === undefined || !this.#open) return false;
    this.#socket.send(frame, () => {
      if (this.#socket.bufferedAmount <= lowWater) this.wake();
    });
    this.#record.progress();
    this.#sincePing += frame.length;
    if (this.#sincePing >= pingBytes && this.#confirmations.waiting < maxPings) this.#ping();
    return true;
  }

  /** Sends the last frame; true when it and all before it have left this process. */
  #flush(frame: string): Promise<boolean> {
    return new Promise((resolve) => this.#socket.send(frame, (error) => resolve(!error)));
  }

  #ping(): void {
    this.#sincePing = 0;
    const payload = this.#confirmations.ping([this.#senders[0].position, this.#senders[1].position]);
    this.#socket.ping(payload);
  }

  #onPong(payload: string): void {
    const positions = this.#confirmations.pong(payload);
    if (positions === undefined) return;
    this.#record.confirm(this, positions);
    this.wake();
  }

  /** Every ping interval: a sign of life to the peer, and a look for one of it. */
  #tick(): void {
    // While the process takes no input we do not read, and a peer that speaks cannot be heard.
    const isGone = this.isSilent() && !this.#input.paused;
    if (!this.#open) {
      if (isGone) this.#socket.terminate();
    } else if (isGone) this.giveUp('no sign of life');
    else if (this.#confirmations.waiting < maxTimedPings) this.#ping();
  }

  #look(): void {
    const read = this.#parts.bytesRead();
    if (read !== this.#lastRead) this.#lastSeen = this.#parts.clock.now();
    this.#lastRead = read;
  }

  /** An error frame; dropped for a peer that takes nothing, which cannot wait for it either. */
  #tell(message: string): void {
    if (this.#open && this.#socket.bufferedAmount < 2 * highWater) {
      this.#socket.send(JSON.stringify({ type: 'error', message }));
    }
  }

  #close(code: number, reason: string): void {
    if (!this.#open) return;
    this.#open = false;
    this.wake();
    this.#socket.close(code, reason);
    // A slow reader may take its time to come to the end; the ticks see to one that is gone.
    if (code !== 1000) this.#terminateSoon();
  }

  #terminateSoon(): void {
    const cancel = this.#parts.clock.after(closeGraceMs, () => this.#socket.terminate());
    this.#socket.once('close', cancel);
  }

  #left(cancel: () => void): void {
    cancel();
    this.#open = false;
    this.#input.close();
    this.#record.detach(this, !this.#toldEnd);
    this.wake();
  }
}
