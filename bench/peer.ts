// What a way to run commands must be able to do to be measured; what one cannot do it leaves out.

/** Every method starts a program of this machine and resolves when it has ended; it rejects unless it ended with 0. */
export interface Peer {
  /** Captures both streams; the bytes of both. */
  capture?(path: string, args: string[]): Promise<number>;
  /** Reads stdout piece by piece without keeping it; its bytes. */
  drain?(path: string, args: string[]): Promise<number>;
  /** Calls back when the first bytes of stdout are there. */
  firstByte?(path: string, args: string[], onFirst: () => void): Promise<void>;
  /** Stdout as one value; its length. */
  collect?(path: string, args: string[]): Promise<number>;
  /** Stdout line by line, in the way this peer offers; the number of lines. */
  lines?(path: string, args: string[]): Promise<number>;
  /** Writes a block so many times to stdin, as fast as it is taken; stdout. */
  feed?(path: string, args: string[], block: Uint8Array, times: number): Promise<string>;
  /** Reads the first piece of stdout and then nothing until `stalled` resolves; then ends the program. */
  stall?(path: string, args: string[], stalled: Promise<void>): Promise<void>;
  /** Starts a program with three pipes that runs until `end` is called. Resolves when it runs. */
  start?(path: string): Promise<{ end(): Promise<void> }>;
  /** Reads the output of a program on a terminal; its bytes. */
  terminal?(path: string, args: string[]): Promise<number>;
  close?(): Promise<void>;
}

/** What each module of `peers/` exports as `open`. */
export type OpenPeer = () => Promise<Peer>;
