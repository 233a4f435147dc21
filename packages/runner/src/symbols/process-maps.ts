import { PROCESS_MAPS_MAX } from '../limits.js';

/** A part of a process's memory that it may execute. */
export interface CodeMapping {
  readonly start: bigint;
  /** The first address after it. */
  readonly end: bigint;
  /** Where in the file it begins. */
  readonly offsetBytes: number;
  /** The file, as the process sees it; empty, or a name in brackets such as `[vdso]`, where there is none. */
  readonly path: string;
}

/**
 * The executable mappings in the text of /proc/PID/maps, which is sorted by address:
 * `start-end perms offset device inode path`, numbers in hex, a newline in a path as `\012`.
 *
 * @see https://www.kernel.org/doc/html/latest/filesystems/proc.html
 */
export function readProcessMaps(text: string): readonly CodeMapping[] {
  const mappings: CodeMapping[] = [];
  for (const [, start, end, offset, path] of text.matchAll(EXECUTABLE_LINE)) {
    if (mappings.length === PROCESS_MAPS_MAX) break;
    mappings.push({
      start: BigInt(`0x${start}`),
      end: BigInt(`0x${end}`),
      offsetBytes: Number.parseInt(offset ?? '', 16),
      path: (path ?? '').replaceAll('\\012', '\n'),
    });
  }
  return mappings;
}

const EXECUTABLE_LINE = /^([0-9a-f]{1,16})-([0-9a-f]{1,16}) ..x. ([0-9a-f]{1,16}) [0-9a-f]+:[0-9a-f]+ \d+ *(.*)$/gm;

/** The mapping that an address is in. */
export function mappingAt(mappings: readonly CodeMapping[], address: bigint): CodeMapping | undefined {
  return mappings.find(({ start, end }) => address >= start && address < end);
}
