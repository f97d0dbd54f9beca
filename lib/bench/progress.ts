/** Where progress is shown. */
export interface ProgressOutput {
  isTTY?: boolean | undefined;
  columns?: number | undefined;
  write(text: string): unknown;
}

const barWidth = 30;
const redrawMs = 100;

/** A bar that redraws itself in its line; silent where the output is no terminal. */
export class Progress {
  readonly #output: ProgressOutput;
  readonly #now: () => number;
  #drawnAt = -Infinity;

  constructor(output: ProgressOutput = process.stderr, now: () => number = () => performance.now()) {
    this.#output = output;
    this.#now = now;
  }

  show(title: string, done: number, total: number): void {
    if (this.#output.isTTY !== true) return;
    const now = this.#now();
    if (done < total && now - this.#drawnAt < redrawMs) return;
    this.#drawnAt = now;
    const line = `${bar(done / total)} ${done}/${total} ${title}`;
    this.#output.write(`\r\x1b[2K${line.slice(0, (this.#output.columns ?? 80) - 1)}`);
  }

  clear(): void {
    if (this.#output.isTTY === true) this.#output.write('\r\x1b[2K');
  }
}

/** A share from 0 to 1 as a bar. */
export function bar(share: number, width = barWidth): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * width);
  return '█'.repeat(full) + '░'.repeat(width - full);
}
