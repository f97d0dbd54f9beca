import type { Figures } from '../measures.js';
import type { Metric, Question, Target } from '../question.js';
import { summarise, type Summary } from '../statistics.js';

export interface Figure extends Summary {
  rival: string;
}

/** A target with what was reached. */
export interface Verdict {
  text: string;
  /** The ratio, or the value itself for an absolute target; null if one side was not measured. */
  reached: number | null;
  met: boolean | null;
}

export interface MetricOutcome {
  key: string;
  title: string;
  unit: string;
  less: boolean;
  /** The first one is ours. */
  figures: Figure[];
  verdicts: Verdict[];
}

/** What one question gave. */
export interface Outcome {
  id: string;
  title: string;
  metrics: MetricOutcome[];
  /** Who was not measured, and why. */
  left: { rival: string; reason: string }[];
}

/** Puts the rounds of all rivals together and judges the targets. */
export function judge(
  question: Question,
  standings: { label: string; rounds: Figures[] }[],
  left: Outcome['left'],
): Outcome {
  const metrics = question.metrics.map((metric) => {
    const figures = standings.flatMap(({ label, rounds }) => {
      const values = rounds.flatMap((round) => round[metric.key] ?? []);
      return values.length === 0 ? [] : [{ rival: label, ...summarise(values) }];
    });
    const first = question.rivals[0]?.label ?? '';
    return {
      key: metric.key,
      title: metric.title,
      unit: metric.unit,
      less: metric.less === true,
      figures,
      verdicts: (metric.targets ?? []).map((target) => verdict(target, metric, figures, first)),
    };
  });
  return { id: question.id, title: question.title, metrics, left };
}

function verdict(target: Target, metric: Metric, figures: Figure[], first: string): Verdict {
  const valueOf = (label: string) => figures.find(({ rival }) => rival === label)?.median;
  const own = valueOf(target.of ?? first);
  const other = target.than === undefined ? 1 : valueOf(target.than);
  const text = targetText(target, metric);
  if (own === undefined || other === undefined) return { text, reached: null, met: null };
  const reached = own / other;
  const met = reached >= (target.atLeast ?? -Infinity) && reached <= (target.atMost ?? Infinity);
  return { text, reached, met };
}

function targetText({ of, than, atLeast, atMost }: Target, { unit }: Metric): string {
  const bound = atLeast === undefined ? `≤ ${atMost}` : `≥ ${atLeast}`;
  const text = than === undefined ? `${bound} ${unit}` : `${bound} × ${than}`;
  return of === undefined ? text : `${of}: ${text}`;
}

/** How many targets were met, of those that could be judged. */
export function score(outcomes: Outcome[]): { met: number; missed: number; open: number } {
  const verdicts = outcomes.flatMap(({ metrics }) => metrics.flatMap((metric) => metric.verdicts));
  return {
    met: verdicts.filter(({ met }) => met === true).length,
    missed: verdicts.filter(({ met }) => met === false).length,
    open: verdicts.filter(({ met }) => met === null).length,
  };
}
