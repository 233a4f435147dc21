import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import {
  formatNoteKey,
  logOrigin,
  noteSigner,
  publisherKeyId,
  type Revocations,
  signCheckpoint,
  signRevocations,
} from '@ebpm/formats';
import { describe, expect, test } from 'vitest';
import { StorePaths } from '../../src/store-paths.js';
import { knownRevocations, revocationOf } from '../../src/trust/known-revocations.js';
import { LogPins } from '../../src/trust/log-pins.js';
import { type RefreshOptions, refreshRevocations } from '../../src/trust/refresh-revocations.js';
import { TrustedLog } from '../../src/trust/trusted-log.js';
import { refused } from '../refused.js';
import { temporaryHome } from '../temporary-home.js';

const URL = 'https://hub.example.org';
const REGISTRY = 'ab'.repeat(16);
const SIGNER = noteSigner(logOrigin(REGISTRY), new Uint8Array(32).fill(7));
const DIGEST = `sha256:${'1'.repeat(64)}` as const;
const KEY = 'A'.repeat(43);
const MINUTE_MS = 60_000;

const listAt = (seq: number, overrides: Partial<Revocations> = {}): Revocations => ({
  registry: REGISTRY,
  seq,
  hash: 'a'.repeat(64),
  time: '2026-01-02T03:04:05.678Z',
  keys: new Set(),
  digests: new Set(),
  packages: new Set(),
  ...overrides,
});

/** A home that has used the registry when its log had five entries. */
async function homeAt5(): Promise<string> {
  const home = temporaryHome();
  const { registry, seq, hash, time } = listAt(5);
  const note = signCheckpoint({ registry, seq, hash, time }, SIGNER);
  await new TrustedLog(home, URL).see({ note, since: undefined, key: async () => formatNoteKey(SIGNER.key) });
  return home;
}

/** Asks for a list; `asked` notes what was asked for. */
function refresh(home: string, list: Revocations, { nowMs = 0, asked = [] as string[], signer = SIGNER } = {}) {
  const options: RefreshOptions = {
    home,
    url: URL,
    nowMs,
    atMostEveryMs: 60 * MINUTE_MS,
    ask: async (minSeq) => {
      asked.push(minSeq);
      return signRevocations(list, signer);
    },
  };
  return refreshRevocations(options);
}

describe('refreshRevocations()', () => {
  test('refreshRevocations() keeps the list, and asks once an hour', async () => {
    const home = await homeAt5();
    const asked: string[] = [];
    const list = listAt(6, { digests: new Set([DIGEST]) });
    expect(await refresh(home, list, { asked })).toEqual(list);
    expect(await refresh(home, listAt(7), { asked, nowMs: 59 * MINUTE_MS })).toEqual(list);
    expect((await knownRevocations(home, URL))?.list).toEqual(list);
    expect(await refresh(home, listAt(7), { asked, nowMs: 60 * MINUTE_MS })).toEqual(listAt(7));
    expect(asked).toEqual(['5-aaaaaaaa', '5-aaaaaaaa']);
  });

  test('refreshRevocations() asks no registry that was never used, and not twice one that does not answer', async () => {
    const asked: string[] = [];
    expect(await refresh(temporaryHome(), listAt(6), { asked })).toBeUndefined();
    const home = await homeAt5();
    const silent = { home, url: URL, nowMs: 0, atMostEveryMs: MINUTE_MS, ask: () => Promise.reject(new Error('away')) };
    await expect(refreshRevocations(silent)).rejects.toThrow('away');
    expect(await refresh(home, listAt(6), { asked, nowMs: MINUTE_MS })).toBeUndefined();
    expect(asked).toEqual([]);
  });

  test.each<[string, Revocations, string]>([
    ['of before the head that was seen', listAt(4), 'EBPM_REVOCATIONS_OLD'],
    ['of before the list that was kept', listAt(6), 'EBPM_REVOCATIONS_OLD'],
    ['that is older at the same entry', listAt(7, { time: '2026-01-02T03:04:04.000Z' }), 'EBPM_REVOCATIONS_OLD'],
  ])('refreshRevocations() refuses a list %s, and keeps what it had', async (_, list, code) => {
    const home = await homeAt5();
    await refresh(home, listAt(7));
    await expect(refresh(home, list, { nowMs: 100 * MINUTE_MS })).rejects.toEqual(refused(code));
    expect((await knownRevocations(home, URL))?.list).toEqual(listAt(7));
  });

  test('refreshRevocations() refuses a list of another history, and one that another key signed', async () => {
    const home = await homeAt5();
    const forked = refresh(home, listAt(5, { hash: 'b'.repeat(64) }));
    await expect(forked).rejects.toEqual(refused('EBPM_REGISTRY_FORKED'));
    const stranger = noteSigner(logOrigin(REGISTRY), new Uint8Array(32).fill(8));
    const other = refresh(home, listAt(6), { signer: stranger, nowMs: 100 * MINUTE_MS });
    await expect(other).rejects.toEqual(refused('EBPM_NOTE_INVALID'));
  });
});

describe('knownRevocations()', () => {
  test('knownRevocations() refuses a list that was changed, and reads what others may read', async () => {
    const home = await homeAt5();
    await refresh(home, listAt(6, { digests: new Set([DIGEST]) }));
    const path = new StorePaths(home).revocations(URL);
    for (const file of [path, new StorePaths(home).logPin(URL)]) chmodSync(file, 0o644);
    expect((await knownRevocations(home, URL))?.list?.digests).toEqual(new Set([DIGEST]));
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace(`digest ${DIGEST}\\n`, ''));
    await expect(knownRevocations(home, URL)).rejects.toEqual(refused('EBPM_NOTE_INVALID'));
    writeFileSync(path, '{');
    await expect(knownRevocations(home, URL)).rejects.toEqual(refused('EBPM_TRUST_UNUSABLE'));
    await new LogPins(home).forget(URL);
    expect(await knownRevocations(home, URL)).toBeUndefined();
  });
});

test('revocationOf() finds a digest, a package and a key that signed', () => {
  const version = { name: 'tool', version: '1.0.0', digest: DIGEST };
  const signed = { ...version, signature: { key: KEY, sig: '' } };
  const codeOf = (overrides: Partial<Revocations>) => revocationOf(listAt(5, overrides), signed)?.code;
  expect(codeOf({})).toBeUndefined();
  expect(codeOf({ digests: new Set([DIGEST]) })).toBe('EBPM_TAKEN_DOWN');
  expect(codeOf({ packages: new Set(['tool']) })).toBe('EBPM_TAKEN_DOWN');
  expect(codeOf({ keys: new Set([publisherKeyId(KEY)]) })).toBe('EBPM_KEY_REVOKED');
  expect(revocationOf(listAt(5, { keys: new Set([publisherKeyId(KEY)]) }), version)).toBeUndefined();
});
