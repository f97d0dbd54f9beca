import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';

/** What a figure depends on beside the code. */
export interface MachineFacts {
  cpu: string;
  cores: number;
  memoryGiB: number;
  kernel: string;
  system: string;
  node: string;
  /** Load of the last minute, when the run ended. */
  loadAverage: number;
}

export function machineFacts(): MachineFacts {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round((totalmem() / 1024 ** 3) * 10) / 10,
    kernel: release(),
    system: systemName(),
    node: process.version,
    loadAverage: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  };
}

function systemName(): string {
  try {
    return /^PRETTY_NAME="?([^"\n]+)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? process.platform;
  } catch {
    return process.platform;
  }
}

/** One line for a report's header. */
export function machineLine(facts: MachineFacts): string {
  const { cores, cpu, memoryGiB, system, kernel, node, loadAverage } = facts;
  return `${cores} × ${cpu}, ${memoryGiB} GiB, ${system}, Linux ${kernel}, Node ${node}, load ${loadAverage}`;
}
