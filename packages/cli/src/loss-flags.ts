import { cpus } from 'node:os';
import { Errors, Flags } from '@oclif/core';

/** Flags of `ebpm run` about what is lost and what the programs cost. */
export const LOSS_FLAGS = {
  ledger: Flags.option({
    options: ['plain', 'exact'] as const,
    description: 'exact also counts what full ring buffers and hash maps refuse, at some cost for every entry',
  })(),
  strict: Flags.boolean({
    description: 'end with exit code 1 when something was lost or nobody can tell; implies --ledger exact',
  }),
  stats: Flags.boolean({
    description: 'show counts every second on stderr; makes every eBPF program of this machine a little slower',
  }),
  budget: Flags.custom<number>({
    description: 'stop when the programs take more of one core than this, such as 1%; costs what --stats does',
    helpValue: 'SHARE',
    parse: async (text) => parseShare(text),
  })(),
};

/** The share of one core in `1%` or `0.5%`. */
export function parseShare(text: string): number {
  const [, digits] = /^(\d+(?:\.\d+)?)%$/.exec(text) ?? [];
  const percent = Number(digits);
  if (percent > 0 && percent <= 100 * cpus().length) return percent / 100;
  throw new Errors.CLIError(
    `Cannot read "${text}" as a share of one core: it takes a number with %, above 0, up to ${100 * cpus().length}%`,
  );
}
