import { printable } from '@ebpm/events';
import type { CliLedgerProgram, CliLedgerStream, CliRunLedger } from '@ebpm/schemas';
import { counted } from './counted.js';

/** A ledger for people: what came and what was lost in one line, then why, then how full buffers were and how long programs ran. */
export function formatLedger(ledger: CliRunLedger): string {
  const lines = [
    `${counted(ledger.shown, 'event')}, ${verdict(ledger)}`,
    ...ledger.why.map((reason) => `  ${reason}`),
    ...ledger.streams.flatMap(bufferLine),
    ...ledger.programs.flatMap(programLine),
  ];
  return lines.map((line) => `${printable(line)}\n`).join('');
}

function verdict({ complete, streams }: CliRunLedger): string {
  const lost = streams.reduce((sum, stream) => sum + (stream.lost ?? 0), 0);
  switch (complete) {
    case true:
      return 'nothing lost';
    case false:
      return lost > 0 ? `${lost} lost` : 'not complete';
    case 'unknown':
      return 'losses unknown';
  }
}

/** What is seen waiting is what is there when ebpm looks: between two looks it may have been more. */
function bufferLine({ name, kind, highWaterBytes, capacityBytes }: CliLedgerStream): readonly string[] {
  if (highWaterBytes === null || capacityBytes === null) return [];
  return [`  ${kind} "${name}": at its fullest at least ${highWaterBytes} of ${capacityBytes} bytes`];
}

function programLine({ name, runs, runTimeNs }: CliLedgerProgram): readonly string[] {
  if (runs === null || runs === 0 || runTimeNs === null) return [];
  const each = `${Math.round(runTimeNs / runs)} ns each`;
  return [`  program "${name}": ${counted(runs, 'run')}, ${(runTimeNs / 1e6).toFixed(1)} ms, ${each}`];
}
