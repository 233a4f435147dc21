import { PRINTERS, type SortOrder, type TimestampKind } from '@ebpm/events';
import { EbpmError } from '@ebpm/formats';
import type { OutputKind } from '@ebpm/runner';

/** Every output format, for the command line. */
export const OUTPUT_KINDS = [
  ...(Object.keys(PRINTERS) as (keyof typeof PRINTERS)[]),
  'folded',
] as const satisfies readonly OutputKind[];

/** How events are to be shown, as the command line asks for it. */
export interface OutputRequest {
  readonly kind: OutputKind;
  readonly columns: readonly string[] | undefined;
  readonly filter: string | undefined;
  readonly sort: SortOrder | undefined;
  readonly top: number | undefined;
  readonly intervalMs: number | undefined;
  readonly timestamp: TimestampKind | undefined;
  readonly numeric: boolean;
}

/** The values of `OUTPUT_FLAGS`, as oclif parses them. */
export interface OutputFlagValues {
  readonly output?: OutputKind | undefined;
  readonly json: boolean;
  readonly columns?: string | undefined;
  readonly filter?: string | undefined;
  readonly sort?: string | undefined;
  readonly top?: number | undefined;
  readonly interval?: number | undefined;
  readonly timestamp?: TimestampKind | undefined;
  readonly numeric: boolean;
}

/**
 * What the flags ask for.
 *
 * @throws EBPM_USAGE_INVALID where one needs another
 */
export function outputRequest(flags: OutputFlagValues): OutputRequest {
  const { output, json, columns, filter, sort, top, interval, timestamp, numeric } = flags;
  const kind = output ?? (json ? 'json' : 'table');
  if (top !== undefined && sort === undefined)
    throw usage('--top', 'it needs to know by what', '--top 10 --sort FIELD');
  if (interval !== undefined && sort === undefined)
    throw usage('--interval', 'only sorted events are collected', '--sort FIELD');
  if (columns !== undefined && kind === 'hex') throw usage('--columns', 'hex shows whole events', '--output csv');
  return {
    kind,
    columns: columns?.split(',').map((path) => path.trim()),
    filter,
    sort: sort === undefined ? undefined : sortOrder(sort, top !== undefined),
    top,
    intervalMs: interval,
    timestamp,
    numeric,
  };
}

/** The words that ask for the same. */
export function outputWords(request: OutputRequest): readonly string[] {
  const { kind, columns, filter, sort, top, intervalMs, timestamp, numeric } = request;
  const words: readonly (readonly [string, string | undefined])[] = [
    ['--output', kind],
    ['--columns', columns?.join(',')],
    ['--filter', filter],
    ['--sort', sort === undefined ? undefined : `${sort.field}:${sort.descending ? 'desc' : 'asc'}`],
    ['--top', top?.toString()],
    ['--interval', intervalMs === undefined ? undefined : `${intervalMs}ms`],
    ['--timestamp', timestamp],
  ];
  // One word each: a value may begin with a hyphen.
  const valued = words.flatMap(([flag, value]) => (value === undefined ? [] : [`${flag}=${value}`]));
  return numeric ? [...valued, '--numeric'] : valued;
}

/** `FIELD`, `FIELD:asc` or `FIELD:desc`. The first of a top are the highest. */
function sortOrder(text: string, isTop: boolean): SortOrder {
  const [, field = text, direction] = /^(.*):(asc|desc)$/.exec(text) ?? [];
  return { field, descending: direction === undefined ? isTop : direction === 'desc' };
}

function usage(flag: string, reason: string, advice: string): EbpmError {
  return new EbpmError('EBPM_USAGE_INVALID', `Cannot use ${flag}: ${reason}`, { hint: `Type ${advice}` });
}
