import { PERF_MAP_MAX_SYMBOLS } from '../limits.js';
import { SymbolTable } from './symbol-table.js';

/**
 * The functions in the text of a /tmp/perf-PID.map, in which just-in-time compilers write down what they made: `start size name`, numbers
 * in hex. Later lines replace earlier ones of the same place.
 *
 * @see https://github.com/torvalds/linux/blob/v6.12/tools/perf/Documentation/jit-interface.txt
 */
export function readPerfMap(text: string): SymbolTable {
  const bySame = new Map<number, { readonly size: number; readonly name: string }>();
  for (const [, start, size, name] of text.matchAll(LINE)) {
    if (bySame.size === PERF_MAP_MAX_SYMBOLS) break;
    const at = Number.parseInt(start ?? '', 16);
    if (Number.isSafeInteger(at)) bySame.set(at, { size: Number.parseInt(size ?? '', 16), name: name ?? '' });
  }
  const symbols = [...bySame.values()];
  const starts = Float64Array.from(bySame.keys());
  const sizes = Float64Array.from(symbols, ({ size }) => size);
  return new SymbolTable(starts, sizes, (index) => symbols[index]?.name ?? '');
}

const LINE = /^(?:0x)?([0-9a-f]{1,16}) (?:0x)?([0-9a-f]{1,8}) (.{1,4096})/gim;
