import type { Params } from './measures.js';

/** One of those that are compared. */
export interface Rival {
  /** As the report names it. */
  label: string;
  /** A module of `peers/`, or `limit` for the C program. */
  peer: string;
  /** Live heap that its process is given. */
  heapMegabytes?: number;
  /** What differs from the question's parameters, where this rival would take minutes. */
  params?: Params;
  /** For the C program: its arguments, in place of a measure. */
  limit?: string[];
}

/** What the issue asks for: a ratio to another rival of the same run, or an absolute value. */
export interface Target {
  /** The rival that it is for; the first one where absent. */
  of?: string;
  /** What it is compared with; absent: the value itself. */
  than?: string;
  atLeast?: number;
  atMost?: number;
}

export interface Metric {
  /** Of the figures that the measure gives. */
  key: string;
  title: string;
  unit: string;
  less?: boolean;
  targets?: Target[];
}

export interface Question {
  id: string;
  title: string;
  measure: string;
  params: Params;
  /** With --quick. */
  quick: Params;
  metrics: Metric[];
  rivals: Rival[];
  /** Memory is measured: every round has a process of its own, and none warms up. */
  fresh?: boolean;
  /** At most so many rounds are needed. */
  rounds?: number;
}
