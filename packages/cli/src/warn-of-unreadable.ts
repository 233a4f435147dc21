import { printable } from '@ebpm/events';
import type { EbpmError } from '@ebpm/formats';
import type { Context } from './context.js';

/** Warns of lockfiles of projects that cannot be read: what these need is not known. */
export function warnOfUnreadable({ stderr }: Pick<Context, 'stderr'>, unreadable: readonly EbpmError[]): void {
  for (const { message } of unreadable) {
    stderr.write(`${printable(`warning: ${message}: what its project needs is not known`)}\n`);
  }
}
