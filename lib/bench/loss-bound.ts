/**
 * The largest probability of loss that is still compatible with what was seen: the upper end of the exact one-sided
 * 95 % interval of Clopper and Pearson. Without any loss it is 1 − 0.05^(1/n), about 3/n: the rule of three.
 *
 * @param losses - Executions that lost something.
 * @param executions - All of them; with none, nothing is known and the bound is 1.
 */
export function upperBound(losses: number, executions: number, confidence = 0.95): number {
  if (executions === 0 || losses >= executions) return 1;
  const tail = 1 - confidence;
  let low = losses / executions;
  let high = 1;
  for (let step = 0; step < 200 && high - low > 1e-15; step++) {
    const middle = (low + high) / 2;
    if (atMost(losses, executions, middle) > tail) low = middle;
    else high = middle;
  }
  return high;
}

/** The probability of at most `losses` losses in `executions` trials of probability `p`. */
function atMost(losses: number, executions: number, p: number): number {
  if (p >= 1) return losses >= executions ? 1 : 0;
  // Terms in logarithms, because the first ones are far below the smallest number.
  const step = Math.log(p) - Math.log1p(-p);
  let term = executions * Math.log1p(-p);
  let sum = Math.exp(term);
  for (let k = 1; k <= losses; k++) {
    term += Math.log(executions - k + 1) - Math.log(k) + step;
    sum += Math.exp(term);
  }
  return Math.min(1, sum);
}
