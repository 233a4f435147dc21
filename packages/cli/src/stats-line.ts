import type { LiveCounts } from '@ebpm/runner';
import type { Output } from './context.js';
import { counted } from './counted.js';

/** What happened since the counts before: `12 s: 3402 events (283/s), nothing lost, buffer 4% full, programs 0.52% of a core`. */
export function formatStats(counts: LiveCounts, before: LiveCounts | undefined): string {
  const seconds = (counts.elapsedMs - (before?.elapsedMs ?? 0)) / 1000;
  const perSecond = (counts.received - (before?.received ?? 0)) / seconds;
  const share = Number(counts.runTimeNs - (before?.runTimeNs ?? 0n)) / (seconds * 1e9);
  return [
    `${Math.round(counts.elapsedMs / 1000)} s: ${counted(counts.received, 'event')} (${Math.round(perSecond)}/s)`,
    losses(counts),
    ...(counts.missedRuns > 0n ? [`${counted(counts.missedRuns, 'run')} left out`] : []),
    `buffer up to ${(counts.fullest * 100).toFixed(0)}% full`,
    `programs ${(share * 100).toFixed(2)}% of a core`,
  ].join(', ');
}

function losses({ lost, countsEveryLoss }: LiveCounts): string {
  if (lost > 0n) return `${lost} lost`;
  return countsEveryLoss ? 'nothing lost' : 'losses unknown';
}

/** A line on stderr that is redrawn on a terminal, and otherwise one line after another. */
export class StatsLine {
  readonly #output: Output;
  #before: LiveCounts | undefined;
  #isShown = false;

  constructor(output: Output) {
    this.#output = output;
  }

  show(counts: LiveCounts): void {
    const line = formatStats(counts, this.#before);
    this.#before = counts;
    if (this.#output.isTTY !== true) {
      this.#output.write(`${line}\n`);
      return;
    }
    this.hide();
    this.#output.write(line);
    this.#isShown = true;
  }

  /** Makes room for other output on the same terminal; the next `show` brings the line back. */
  hide(): void {
    if (this.#isShown) this.#output.write('\r\x1b[K');
    this.#isShown = false;
  }
}
