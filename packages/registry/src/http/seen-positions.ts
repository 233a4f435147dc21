import type { Position } from '../log/entry.js';
import type { Log } from '../log/log.js';
import type { SignedHead } from '../log/signed-head.js';

/** The two logs that answers come from. */
export interface Logs {
  readonly log: Log;
  readonly accountsLog: Log;
}

/**
 * The value of `ebpm-seq`: where both logs are, `<seq>-<8 hex of its hash>,<accounts seq>-<8 hex>`. What is read after it was
 * taken is at least as new.
 */
export function currentPositions({ log, accountsLog }: Logs): string {
  return `${formatPosition(log.head())},${formatPosition(accountsLog.head())}`;
}

/** The headers of an answer that say where the logs are, signed. */
export function positionHeaders(registry: Logs & { readonly signedHead: SignedHead }) {
  return { 'ebpm-seq': currentPositions(registry), 'ebpm-checkpoint': registry.signedHead.header() };
}

function formatPosition({ seq, hash }: Position): string {
  return `${seq}-${hash.slice(0, 8)}`;
}

/**
 * Waits, at most 5 s, until both logs have what the reader has seen before.
 * @param seen a value of `ebpm-seq`, in the form that the schema of `ebpm-min-seq` asks for
 * @throws EBPM_REGISTRY_BEHIND, EBPM_REGISTRY_FORKED
 */
export async function waitForPositions(logs: Logs, seen: string, signal: AbortSignal): Promise<void> {
  const [log, accounts] = seen.split(',');
  await Promise.all([waitFor(logs.log, log, signal), waitFor(logs.accountsLog, accounts, signal)]);
}

async function waitFor(log: Log, position: string | undefined, signal: AbortSignal): Promise<void> {
  if (position === undefined) return;
  const [seq, hashPrefix] = position.split('-');
  await log.waitFor(Number(seq), { signal, ...(hashPrefix !== undefined && { hashPrefix }) });
}
