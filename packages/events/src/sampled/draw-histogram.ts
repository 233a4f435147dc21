/**
 * Slot i of a `log2` histogram counts values from 2^i to 2^(i+1) - 1, slot 0 the values 0 and 1; slot i of a `linear` one the `step` values
 * from `base + i * step` on.
 */
export type HistogramScale =
  | { readonly kind: 'log2' }
  /** Defaults: 0 and 1, so that slot i counts the value i. */
  | { readonly kind: 'linear'; readonly base?: number | undefined; readonly step?: number | undefined };

/** How a histogram is drawn. */
export interface HistogramStyle {
  readonly scale: HistogramScale;
  /** What the values are; safe for a terminal. */
  readonly unit: string;
}

/**
 * A histogram with bars, its newline included; nothing where every slot is empty. The layout of `log2` is that of eunomia-bpf and BCC:
 *
 *          usecs               : count    distribution
 *              0 -> 1          : 1        |                                        |
 *              2 -> 3          : 8        |*                                       |
 *
 * Bars end at the last slot that is not empty. Ranges past 2^33 make the columns wider and the bars half as long. A `linear` histogram has the
 * lowest value of each slot, as in libbpf-tools, and begins at the first slot that is not empty.
 */
export function drawHistogram(slots: readonly bigint[], { scale, unit }: HistogramStyle): string {
  const last = slots.findLastIndex((count) => count > 0n);
  if (last === -1) return '';
  let most = 0n;
  for (const count of slots) if (count > most) most = count;
  const columns = scale.kind === 'log2' ? log2Columns(unit, last) : linearColumns(unit, scale);
  const first = scale.kind === 'log2' ? 0 : slots.findIndex((count) => count > 0n);
  const rows = slots.slice(first, last + 1).map((count, index) => {
    const stars = count <= 0n ? 0 : Number((count * BigInt(columns.barWidth)) / most);
    const bar = '*'.repeat(stars).padEnd(columns.barWidth);
    return `${columns.range(first + index)} : ${String(count).padEnd(COUNT_WIDTH)} |${bar}|\n`;
  });
  return `${columns.title} : count    distribution\n${rows.join('')}`;
}

interface Columns {
  readonly title: string;
  readonly barWidth: number;
  range(slot: number): string;
}

const COUNT_WIDTH = 8;
/** The last slot whose range fits into the narrow columns. */
const NARROW_SLOTS = 32;

function log2Columns(unit: string, last: number): Columns {
  const wide = last > NARROW_SLOTS;
  const width = wide ? 20 : 10;
  return {
    title: ' '.repeat(wide ? 15 : 5) + unit.padEnd(wide ? 29 : 19),
    barWidth: wide ? 20 : 40,
    range: (slot) => {
      const low = slot === 0 ? 0n : 1n << BigInt(slot);
      const high = (1n << BigInt(slot + 1)) - 1n;
      return `${String(low).padStart(width)} -> ${String(high).padEnd(width)}`;
    },
  };
}

function linearColumns(unit: string, { base = 0, step = 1 }: Extract<HistogramScale, { kind: 'linear' }>): Columns {
  return {
    title: ' '.repeat(5) + unit.padEnd(13),
    barWidth: 40,
    range: (slot) => ' '.repeat(8) + String(BigInt(base) + BigInt(slot) * BigInt(step)).padEnd(10),
  };
}
