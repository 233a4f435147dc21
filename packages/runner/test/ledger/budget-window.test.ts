import { expect, it } from 'vitest';
import { BudgetWindow } from '../../src/ledger/budget-window.js';

/** Feeds a window with a sample each 100 ms; the share of each step is given. */
function steps(budget: number, shares: readonly number[]): readonly (number | undefined)[] {
  const window = new BudgetWindow(budget);
  let runTimeNs = 5_000n;
  const answers = [window.add(0, runTimeNs)];
  shares.forEach((share, index) => {
    runTimeNs += BigInt(Math.round(share * 100e6));
    answers.push(window.add((index + 1) * 100, runTimeNs));
  });
  return answers;
}

it('BudgetWindow says nothing before a whole second has passed', () => {
  expect(steps(0.01, Array(9).fill(0.5)).every((answer) => answer === undefined)).toBe(true);
});

it('BudgetWindow tells the share over the last second when it is above the budget', () => {
  expect(steps(0.01, Array(10).fill(0.5)).at(-1)).toBeCloseTo(0.5);
  expect(steps(0.51, Array(10).fill(0.5)).at(-1)).toBeUndefined();
});

it('BudgetWindow forgets what lies more than a second back', () => {
  const quietAgain = steps(0.01, [...Array(5).fill(0.04), ...Array(15).fill(0.001)]);
  expect(quietAgain.some((answer) => answer !== undefined)).toBe(true);
  expect(quietAgain.at(-1)).toBeUndefined();
});

it('BudgetWindow lets a short burst pass that a second makes up for', () => {
  expect(steps(0.1, [0.5, ...Array(20).fill(0)]).every((answer) => answer === undefined)).toBe(true);
});
