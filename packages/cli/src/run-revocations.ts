import type { InstalledVersion } from '@ebpm/client/installed';
import { knownRevocations, REVOCATIONS_EVERY_MS, revocationOf } from '@ebpm/client/revocations';
import { printable } from '@ebpm/events';
import type { Context } from './context.js';
import { REVOCATIONS_OLD_DAYS } from './limits.js';
import type { RevocationsRefresh } from './revocations-refresh.js';

const DAY_MS = 86_400_000;

/**
 * Refuses to run what its registry has revoked, going by the last list that it was heard to give: a run asks nobody. Says how old the list
 * is when that is long, of each registry once.
 *
 * @param isTool whether a module has started it: whoever started that was told
 * @returns the address of the registry when it is to be asked for a newer list once the run has started
 * @throws EBPM_TAKEN_DOWN, EBPM_KEY_REVOKED, EBPM_TRUST_UNUSABLE, EBPM_NOTE_INVALID
 */
export async function refuseRevoked(
  context: Context,
  version: InstalledVersion,
  { isTool = false } = {},
): Promise<string | undefined> {
  const { home, stderr, told } = context;
  const { registry } = version;
  const known = await knownRevocations(home, registry);
  const refusal = known?.list && revocationOf(known.list, version);
  if (refusal !== undefined) throw refusal;
  const nowMs = Date.now();
  const ageMs = known?.list === undefined ? 0 : nowMs - Date.parse(known.list.time);
  if (!isTool && ageMs > REVOCATIONS_OLD_DAYS * DAY_MS) {
    const days = Math.floor(ageMs / DAY_MS);
    const notice = `What ${registry} has revoked was heard last ${days} days ago`;
    if (!told.has(notice)) stderr.write(`${printable(notice)}\n`);
    told.add(notice);
  }
  const sinceMs = nowMs - (known?.askedAtMs ?? 0);
  const isDue = sinceMs < 0 || sinceMs >= REVOCATIONS_EVERY_MS;
  return isDue && context.isOffline !== true ? registry : undefined;
}

/** Prepares to ask that registry what it has revoked, beside a run that goes by an old list; undefined where its list is new enough. */
export async function refreshFor(
  context: Context,
  asksRevocations: string | undefined,
): Promise<RevocationsRefresh | undefined> {
  if (asksRevocations === undefined) return undefined;
  const { prepareRefresh } = await import('./revocations-refresh.js');
  return prepareRefresh(context, asksRevocations);
}
