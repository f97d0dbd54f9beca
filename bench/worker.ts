// A process that measures one peer: a question a line on stdin, an answer a line on stdout.
import process from 'node:process';
import { createInterface } from 'node:readline';
import { measures, NotOffered, type Params } from './measures.js';
import type { OpenPeer, Peer } from './peer.js';

export interface Asked {
  measure: string;
  params: Params;
}

/** `left` says why a peer cannot be asked this. */
export type Answer = { figures: Record<string, number> } | { left: string } | { error: string };

/** Live arrays of that size, every page of them in use. */
function ballast(megabytes: number): number[][] {
  return Array.from({ length: megabytes / 8 }, () => new Array<number>(1 << 20).fill(1.5));
}

async function answer(peer: Peer, { measure, params }: Asked): Promise<Answer> {
  try {
    const ask = measures[measure];
    if (ask === undefined) throw new Error(`no measure ${measure}`);
    return { figures: await ask(peer, params) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return error instanceof NotOffered ? { left: message } : { error: message };
  }
}

async function main([name, heapMegabytes]: string[]): Promise<void> {
  const say = (line: unknown) => process.stdout.write(`${JSON.stringify(line)}\n`);
  const kept = ballast(Number(heapMegabytes));
  let peer: Peer;
  try {
    const { open } = (await import(`./peers/${name}.js`)) as { open: OpenPeer };
    peer = await open();
  } catch (error) {
    say({ left: error instanceof Error ? error.message : String(error) } satisfies Answer);
    return;
  }
  say({ ready: kept.length });
  for await (const line of createInterface({ input: process.stdin })) {
    say(await answer(peer, JSON.parse(line) as Asked));
  }
  await peer.close?.();
  process.exit(0);
}

void main(process.argv.slice(2));
