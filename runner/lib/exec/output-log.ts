import { SpoolFile } from './spool-file.js';

/** Bytes that lie next to each other, in memory or in a file. */
interface Segment {
  /** Position of its first byte in the stream. */
  at: number;
  length: number;
  memory?: Buffer;
  file?: SpoolFile;
}

const slabBytes = 16 * 1024;
const smallBytes = 4 * 1024;
const fileBytes = 32 * 1024 * 1024;

/**
 * One stream of an execution from the first byte that its client has not confirmed to the last one that was written.
 * Holds up to a bound in memory and the rest in unlinked files. Positions count from the start of the stream.
 */
export class OutputLog {
  /** Called whenever there is more to read. */
  onChange: () => void = () => undefined;

  readonly #memoryBytes: number;
  readonly #segments: Segment[] = [];
  /** Memory that small chunks are copied into, so that a million of them are not a million objects. */
  #slab: { buffer: Buffer; used: number } | undefined;
  #inMemory = 0;
  #start = 0;
  #end = 0;
  #ended = false;
  #disposed = false;

  /** @param memoryBytes - What may be held in memory. */
  constructor(memoryBytes: number) {
    this.#memoryBytes = memoryBytes;
  }

  /** The first position that is still here. */
  get start(): number {
    return this.#start;
  }

  /** One past the last byte. */
  get end(): number {
    return this.#end;
  }

  /** Whether no more will come. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Takes a chunk, which must not be changed afterwards. One call at a time. */
  async append(chunk: Buffer): Promise<void> {
    if (chunk.length === 0 || this.#disposed) return;
    if (this.#inMemory + chunk.length <= this.#memoryBytes) this.#appendMemory(chunk);
    else await this.#appendFile(chunk);
    this.#end += chunk.length;
    this.onChange();
  }

  /** The stream is over. */
  finish(): void {
    this.#ended = true;
    this.onChange();
  }

  /** The bytes from `position` on, at most `max` and as many as there are; undefined if there are none. */
  async read(position: number, max: number): Promise<Buffer | undefined> {
    const parts: Buffer[] = [];
    let at = position;
    const until = Math.min(this.#end, position + max);
    while (at < until) {
      // Found anew each time: while a file is read, segments before it may be confirmed and go.
      const segment = this.#find(at);
      if (segment === undefined) break;
      const offset = at - segment.at;
      const length = Math.min(segment.length - offset, until - at);
      const part =
        segment.memory?.subarray(offset, offset + length) ?? (await segment.file?.read(offset, length));
      if (part === undefined) break;
      parts.push(part);
      at += length;
    }
    return parts.length <= 1 ? parts[0] : Buffer.concat(parts);
  }

  /** The client has everything before `position`: it may be forgotten. */
  confirm(position: number): void {
    this.#start = Math.max(this.#start, Math.min(position, this.#end));
    let gone = 0;
    for (const segment of this.#segments) {
      if (segment.at + segment.length > this.#start || this.#isOpen(segment)) break;
      this.#release(segment);
      gone++;
    }
    if (gone > 0) this.#segments.splice(0, gone);
  }

  /** Forgets everything, also what is being appended. */
  dispose(): void {
    this.#disposed = true;
    for (const segment of this.#segments.splice(0)) this.#release(segment);
    this.#start = this.#end;
    this.#slab = undefined;
  }

  #appendMemory(chunk: Buffer): void {
    if (chunk.length >= smallBytes) {
      this.#slab = undefined;
      this.#push({ at: this.#end, length: chunk.length, memory: chunk });
      return;
    }
    const last = this.#segments.at(-1);
    if (this.#slab && last?.memory && this.#slab.used + chunk.length <= slabBytes) {
      chunk.copy(this.#slab.buffer, this.#slab.used);
      this.#slab.used += chunk.length;
      last.length += chunk.length;
      last.memory = this.#slab.buffer.subarray(0, this.#slab.used);
      this.#inMemory += chunk.length;
      return;
    }
    const buffer = Buffer.allocUnsafe(slabBytes);
    chunk.copy(buffer);
    this.#slab = { buffer, used: chunk.length };
    this.#push({ at: this.#end, length: chunk.length, memory: buffer.subarray(0, chunk.length) });
  }

  async #appendFile(chunk: Buffer): Promise<void> {
    this.#slab = undefined;
    let last = this.#segments.at(-1);
    if (!last?.file || last.length + chunk.length > fileBytes) {
      const file = await SpoolFile.create();
      if (this.#disposed) return file.close();
      last = { at: this.#end, length: 0, file };
      this.#segments.push(last);
    }
    await last.file?.append(chunk);
    last.length += chunk.length;
  }

  #push(segment: Segment): void {
    this.#segments.push(segment);
    this.#inMemory += segment.length;
  }

  /** A segment that more may be appended to. */
  #isOpen(segment: Segment): boolean {
    return segment === this.#segments.at(-1) && (segment.file !== undefined || this.#slab !== undefined);
  }

  #release(segment: Segment): void {
    if (segment.memory) this.#inMemory -= segment.length;
    else segment.file?.close();
  }

  /** The segment that holds a position; undefined once everything was disposed of. */
  #find(position: number): Segment | undefined {
    let low = 0;
    let high = this.#segments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#segments[middle] as Segment).at <= position) low = middle;
      else high = middle - 1;
    }
    return this.#segments[low];
  }
}
