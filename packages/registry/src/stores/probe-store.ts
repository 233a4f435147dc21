import { EbpmError } from '@ebpm/formats';
import type { Random } from '../random.js';
import { type ProbeKey, probeKey } from './keys.js';
import type { Store } from './store.js';
import { isRefused } from './store-error.js';

const ROUNDS = 3;
const RACERS = 8;

/**
 * Makes sure that a store does what the log stands on: of several creates of one key one wins, its bytes are what is stored, a
 * later create changes nothing, and a LIST shows it. Writes under `probe/<random>/` and removes that again.
 * @throws EBPM_STORE_UNSUITABLE when it does not, with its answers
 * @throws EBPM_STORE_REFUSED, EBPM_STORE_UNAVAILABLE
 */
export async function probeStore(store: Store, random: Random): Promise<void> {
  const run = random.hex(16);
  const keys = Array.from({ length: ROUNDS }, (_, round) => probeKey(run, `round-${round}`));
  try {
    for (const key of keys) await race(store, key);
    const listed = await store.list(`probe/${run}/`);
    if (listed.join() !== keys.join())
      throw unsuitable(store, `a LIST shows "${listed.join()}" instead of "${keys.join()}"`);
  } finally {
    await Promise.all(keys.map((key) => store.remove(key).catch(leaveBehind)));
  }
}

async function race(store: Store, key: ProbeKey): Promise<void> {
  const bodies = Array.from({ length: RACERS }, (_, racer) => `${key} by ${racer}`);
  const answers = await Promise.all(bodies.map((body) => answerOf(store, key, body)));
  const said = answers.join(', ');
  const stored = await storedUnder(store, key);
  const winner = bodies.indexOf(stored ?? '');
  if (winner < 0) throw unsuitable(store, `after ${RACERS} creates of one key (${said}) it holds none of them`);
  if (answers.some((answer, racer) => answer === 'created' && racer !== winner)) {
    throw unsuitable(store, `${RACERS} creates of one key answered ${said}, and number ${winner} is stored`);
  }
  const later = await answerOf(store, key, 'later');
  if (later === 'created' || (await storedUnder(store, key)) !== stored) {
    throw unsuitable(store, `a create of a key that exists answered ${later}`);
  }
}

/** Under contention a store may well be unsure; it must not be wrong. */
async function answerOf(store: Store, key: ProbeKey, body: string): Promise<'created' | 'exists' | 'unsure'> {
  try {
    return await store.create(key, Buffer.from(body));
  } catch (error) {
    if (isRefused(error) || !(error instanceof EbpmError)) throw error;
    return 'unsure';
  }
}

async function storedUnder(store: Store, key: ProbeKey): Promise<string | undefined> {
  const bytes = await store.get(key);
  return bytes === undefined ? undefined : Buffer.from(bytes).toString();
}

function unsuitable(store: Store, reason: string): EbpmError {
  return new EbpmError('EBPM_STORE_UNSUITABLE', `Cannot keep a registry in "${store.name}": ${reason}`, {
    hint: 'Use a store that honours If-None-Match: * on PUT, and ask it directly, not through a cache',
  });
}

/** A few hundred bytes stay where removing is not allowed; the registry itself hardly ever needs it. */
function leaveBehind(): void {}
