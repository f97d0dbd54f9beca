import { readdirSync, readFileSync } from 'node:fs';

/** What this process holds of the system. */
export interface ProcessState {
  descriptors: number;
  threads: number;
  rssMib: number;
  /** What JavaScript holds. */
  heapMib: number;
  /** Children of any state, and those of them that nobody has reaped. */
  children: number;
  zombies: number;
}

export function processState(): ProcessState {
  const states = childStates();
  return {
    descriptors: readdirSync('/proc/self/fd').length,
    threads: readdirSync('/proc/self/task').length,
    rssMib: Math.round(process.memoryUsage.rss() / 2 ** 20),
    heapMib: Math.round(process.memoryUsage().heapUsed / 2 ** 20),
    children: states.length,
    zombies: states.filter((state) => state === 'Z').length,
  };
}

function childStates(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        // "pid (name) state ppid …", and the name may hold anything.
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        // The TypeScript loader's compiler stays as long as we do.
        const isOurs = Number(parent) === process.pid && !stat.includes('(esbuild)');
        return isOurs ? [state as string] : [];
      } catch {
        return [];
      }
    });
}
