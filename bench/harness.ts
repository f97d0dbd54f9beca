// Runs rivals in turns, in one process and one run, so that a busy machine slows all of them alike.

/** One rival: does its work once and returns a figure, for which more is better unless `less` says otherwise. */
export interface Rival {
  name: string;
  run: () => Promise<number>;
}

export interface Question {
  title: string;
  unit: string;
  /** The first rival is ours; the second is what the ratio is taken to. */
  rivals: Rival[];
  /** Less is better, as for times. */
  less?: boolean;
  /** What the ratio should be at least (or, where less is better, at most). */
  target: number;
  rounds: number;
}

export interface Figure {
  name: string;
  median: number;
  min: number;
  max: number;
}

export interface Outcome {
  title: string;
  unit: string;
  figures: Figure[];
  ratio: number;
  target: number;
  met: boolean;
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** Interleaves the rivals of one question, after a round that is not counted. */
export async function ask(question: Question): Promise<Outcome> {
  const values = question.rivals.map((): number[] => []);
  for (let round = 0; round <= question.rounds; round++) {
    for (const [index, rival] of question.rivals.entries()) {
      const value = await rival.run();
      if (round > 0) values[index]?.push(value);
    }
  }
  const figures = question.rivals.map((rival, index) => {
    const own = values[index] ?? [];
    return { name: rival.name, median: median(own), min: Math.min(...own), max: Math.max(...own) };
  });
  const ratio = (figures[0]?.median ?? NaN) / (figures[1]?.median ?? NaN);
  const met = question.less === true ? ratio <= question.target : ratio >= question.target;
  return { title: question.title, unit: question.unit, figures, ratio, target: question.target, met };
}

function digits(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(3);
}

/** One outcome as rows of a Markdown table. */
export function toRows(outcome: Outcome): string[] {
  return outcome.figures.map((figure, index) => {
    const spread = `${digits(figure.min)} – ${digits(figure.max)}`;
    const ratio = index === 0 ? `${outcome.ratio.toPrecision(3)}${outcome.met ? '' : ' ✗'}` : '';
    const target = index === 0 ? String(outcome.target) : '';
    const title = index === 0 ? `${outcome.title} (${outcome.unit})` : '';
    return `| ${title} | ${figure.name} | ${digits(figure.median)} | ${spread} | ${ratio} | ${target} |`;
  });
}

export const tableHead = [
  '| question | rival | median | spread | ratio | target |',
  '|---|---|---:|---:|---:|---:|',
];
