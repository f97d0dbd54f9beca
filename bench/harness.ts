// Asks one question: the rivals in turns, round by round, so that a busy machine slows all of them alike.
import { LeftOut, openContender, type Contender } from './contender.js';
import type { Figures } from './measures.js';
import type { Question, Rival } from './question.js';
import type { Outcome } from './report/outcome.js';
import { judge } from './report/outcome.js';

export interface AskOptions {
  rounds: number;
  quick: boolean;
  onRound: (done: number, total: number) => void;
  /** Opens a rival; for tests. */
  open?: (rival: Rival) => Promise<Contender>;
}

interface Standing {
  rival: Rival;
  contender: Contender | undefined;
  rounds: Figures[];
  left: string | undefined;
}

/** The first round warms up and is not counted, unless every round has a fresh process. */
export async function ask(question: Question, options: AskOptions): Promise<Outcome> {
  const rounds = Math.min(options.rounds, question.rounds ?? options.rounds);
  const standings: Standing[] = [];
  try {
    for (const rival of question.rivals) standings.push(await enter(rival, options.open ?? openContender));
    const warmUps = question.fresh === true ? 0 : 1;
    const total = standings.length * (rounds + warmUps);
    let done = 0;
    for (let round = 0; round < rounds + warmUps; round++) {
      for (const standing of standings) {
        await takeTurn(standing, question, options.quick, round >= warmUps);
        if (question.fresh === true && round + 1 < rounds)
          await renew(standing, options.open ?? openContender);
        options.onRound(++done, total);
      }
    }
  } finally {
    await Promise.all(standings.flatMap(({ contender }) => contender?.close() ?? []));
  }
  const left = standings.flatMap(({ rival, left: reason }) =>
    reason === undefined ? [] : [{ rival: rival.label, reason }],
  );
  return judge(
    question,
    standings.map(({ rival, rounds: own }) => ({ label: rival.label, rounds: own })),
    left,
  );
}

async function enter(rival: Rival, open: (rival: Rival) => Promise<Contender>): Promise<Standing> {
  try {
    return { rival, contender: await open(rival), rounds: [], left: undefined };
  } catch (error) {
    return { rival, contender: undefined, rounds: [], left: reasonOf(error) };
  }
}

async function renew(standing: Standing, open: (rival: Rival) => Promise<Contender>): Promise<void> {
  if (standing.contender === undefined) return;
  await standing.contender.close();
  const { contender, left } = await enter(standing.rival, open);
  standing.contender = contender;
  standing.left ??= left;
}

async function takeTurn(
  standing: Standing,
  question: Question,
  quick: boolean,
  counts: boolean,
): Promise<void> {
  const { rival, contender } = standing;
  if (contender === undefined || standing.left !== undefined) return;
  const params = { ...question.params, ...(quick ? question.quick : {}), ...rival.params };
  try {
    const figures = await contender.ask(question.measure, params);
    if (counts) standing.rounds.push(figures);
  } catch (error) {
    // A wrong result has no time: the rival is out of this question, and the report says why.
    standing.left = reasonOf(error);
    standing.rounds = [];
  }
}

function reasonOf(error: unknown): string {
  const message = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
  return error instanceof LeftOut ? message : `failed: ${message}`;
}
