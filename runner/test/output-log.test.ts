import { readdirSync, readlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { OutputLog } from '../lib/exec/output-log.js';

const block = (length: number, fill: string): Buffer => Buffer.alloc(length, fill);

describe('the output log', () => {
  it('reads what it was asked for although earlier bytes are confirmed meanwhile', async () => {
    const log = new OutputLog(24_000);
    await log.append(block(8192, 'a'));
    await log.append(block(16_384, 'b')); // over the bound: to disk
    await log.append(block(8192, 'c'));
    await log.append(block(4096, 'd'));
    const reading = log.read(8192, 16_384 + 8192);
    log.confirm(8192);
    const bytes = await reading;
    expect(bytes?.equals(Buffer.concat([block(16_384, 'b'), block(8192, 'c')]))).toBe(true);
    log.dispose();
  });

  it('holds no file open that was being made when it was disposed of', async () => {
    const files = (): number =>
      readdirSync('/proc/self/fd').filter((fd) => {
        try {
          return readlinkSync(`/proc/self/fd/${fd}`).includes('boxlite-runner-');
        } catch {
          return false;
        }
      }).length;
    const log = new OutputLog(0);
    const appending = log.append(block(5000, 'a'));
    log.dispose();
    await appending;
    await log.append(block(5000, 'b'));
    await expect.poll(files).toBe(0);
    expect(await log.read(0, 10_000)).toBeUndefined();
  });

  it('gives every byte back in order, whatever is read, confirmed and appended in between', async () => {
    const step = fc.record({
      append: fc.integer({ min: 0, max: 20_000 }),
      read: fc.integer({ min: 1, max: 40_000 }),
      confirm: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 40 }),
        fc.integer({ min: 0, max: 50_000 }),
        async (steps, bound) => {
          const log = new OutputLog(bound);
          let written = Buffer.alloc(0);
          let position = 0;
          for (const { append, read, confirm } of steps) {
            const chunk = Buffer.from(Array.from({ length: append }, (_, i) => (written.length + i) % 251));
            const reading = log.read(position, read);
            if (confirm) log.confirm(position);
            await log.append(chunk);
            const seen = (await reading) ?? Buffer.alloc(0);
            expect(seen.equals(written.subarray(position, position + read))).toBe(true);
            written = Buffer.concat([written, chunk]);
            position += seen.length;
          }
          const rest = (await log.read(position, written.length + 1)) ?? Buffer.alloc(0);
          expect(rest.equals(written.subarray(position))).toBe(true);
          log.dispose();
        },
      ),
      { numRuns: 50 },
    );
  });
});
