import type { Ledger, LedgerReason } from '@ebpm/runner';
import type { CliRunLedger } from '@ebpm/schemas';
import { counted } from './counted.js';

/** A ledger as the last line of `--json` has it: its reasons in words. */
export function ledgerRecord({ why, streams, programs, maps, ...rest }: Ledger): CliRunLedger {
  return {
    ebpm: 'ledger',
    ...rest,
    why: why.map(reasonText),
    streams: streams.map((stream) => ({ ...stream })),
    programs: programs.map((program) => ({ ...program })),
    maps: maps.map((map) => ({ ...map })),
  };
}

/** One line of ASCII, so that nothing in a name can move a terminal's cursor. */
export function ledgerLine(record: CliRunLedger): string {
  const text = JSON.stringify(record).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `${text}\n`;
}

function reasonText(reason: LedgerReason): string {
  switch (reason.kind) {
    case 'events-refused':
      return `${counted(reason.count, 'event')} did not fit into ${reason.buffer} "${reason.map}"`;
    case 'entries-refused':
      return `${counted(reason.count, 'entry', 'entries')} did not fit into map "${reason.map}"`;
    case 'malformed':
      return `${counted(reason.count, 'record')} of "${reason.stream}" had less bytes than their type`;
    case 'broken':
      return `${counted(reason.count, 'batch', 'batches')} of "${reason.stream}" could not be read to the end`;
    case 'runs-missed':
      return `program "${reason.program}" was left out ${counted(reason.count, 'time')} while a program ran on that CPU`;
    case 'not-read':
      return `${reason.buffer} "${reason.map}" is not read, since the package does not say so: --event-type ${reason.map}=STRUCT shows it`;
    case 'refusals-not-counted':
      return `what ring buffer "${reason.map}" refuses when it is full is not counted: --ledger exact does that`;
    case 'refusals-uncountable':
      return `what ring buffer "${reason.map}" refuses when it is full cannot be counted here: ${reason.reason}`;
    case 'refusals-half-counted':
      return `${counted(reason.count, 'call')} to full maps may not have been counted, for they interrupted the counting`;
    case 'perf-losses-late':
      return `this kernel tells of events that perf buffer "${reason.map}" lost only with the next event (Linux 6.0 counts them)`;
    case 'map-full':
      return `map "${reason.map}" is full: what it refused is not counted, --ledger exact does that`;
    case 'misses-not-counted':
      return `this kernel does not count when it leaves out a run of ${programs(reason.programs)}`;
  }
}

function programs(names: readonly string[]): string {
  return `program${names.length === 1 ? '' : 's'} ${names.map((name) => `"${name}"`).join(', ')}`;
}
