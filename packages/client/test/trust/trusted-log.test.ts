import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { formatNoteKey, logOrigin, noteSigner, signCheckpoint } from '@ebpm/formats';
import { describe, expect, test } from 'vitest';
import { StorePaths } from '../../src/store-paths.js';
import { LogPins } from '../../src/trust/log-pins.js';
import { TrustedLog } from '../../src/trust/trusted-log.js';
import { refused } from '../refused.js';
import { temporaryHome } from '../temporary-home.js';

const URL = 'https://hub.example.org';
const REGISTRY = 'ab'.repeat(16);
const [SIGNER, OTHER] = [7, 8].map((byte) => noteSigner(logOrigin(REGISTRY), new Uint8Array(32).fill(byte))) as [
  ReturnType<typeof noteSigner>,
  ReturnType<typeof noteSigner>,
];
const TIME = '2026-01-02T03:04:05.678Z';

function arrived(seq: number, digit = 'a', signer = SIGNER) {
  const note = signCheckpoint({ registry: REGISTRY, seq, hash: digit.repeat(64), time: TIME }, signer);
  return { note, since: undefined, key: async () => formatNoteKey(signer.key) };
}

const place = (seq: number, digit = 'a') => ({ seq, hash: digit.repeat(64) });

describe('TrustedLog', () => {
  test('TrustedLog.see() pins the key and the highest head for later processes', async () => {
    const home = temporaryHome();
    const log = new TrustedLog(home, URL);
    expect(await log.highest()).toBeUndefined();
    await Promise.all([log.see(arrived(3)), log.see(arrived(5)), log.see(arrived(4))]);
    const later = new TrustedLog(home, URL);
    expect(await later.highest()).toMatchObject(place(5));
    expect(await later.key()).toBe(formatNoteKey(SIGNER.key));
    expect(statSync(new StorePaths(home).logPin(URL)).mode & 0o777).toBe(0o600);
    expect(await new TrustedLog(home, 'https://other.example.org').highest()).toBeUndefined();
  });

  test('TrustedLog.see() refuses a head below what was known when the question was sent, and another one at the highest', async () => {
    const home = temporaryHome();
    await new TrustedLog(home, URL).see(arrived(5));
    const log = new TrustedLog(home, URL);
    await expect(log.see({ ...arrived(4), since: place(5) })).rejects.toEqual(refused('EBPM_REGISTRY_WENT_BACK'));
    await expect(log.see(arrived(5, 'b'))).rejects.toEqual(refused('EBPM_REGISTRY_FORKED'));
    await log.see({ ...arrived(4), since: place(3) });
    await log.see({ ...arrived(6), since: place(5) });
    expect(await log.highest()).toMatchObject(place(6));
  });

  test('TrustedLog.see() refuses another key, and a head that the pinned key did not sign', async () => {
    const home = temporaryHome();
    const log = new TrustedLog(home, URL);
    await log.see(arrived(5));
    await expect(log.see(arrived(6, 'a', OTHER))).rejects.toEqual(refused('EBPM_REGISTRY_KEY_CHANGED', 'https://hub'));
    const forged = { ...arrived(6, 'a', OTHER), key: arrived(5).key };
    await expect(log.see(forged)).rejects.toEqual(refused('EBPM_NOTE_INVALID'));
    expect(await new LogPins(home).forget(URL)).toBe(true);
    expect(await new LogPins(home).forget(URL)).toBe(false);
    await new TrustedLog(home, URL).see(arrived(6, 'a', OTHER));
    expect((await new LogPins(home).all()).map(({ url, head }) => [url, head.seq])).toEqual([[URL, 6]]);
  });

  test('LogPins.write() does not go below what another process has kept', async () => {
    const home = temporaryHome();
    const [one, other] = [new TrustedLog(home, URL), new TrustedLog(home, URL)];
    await one.see(arrived(1));
    await other.see(arrived(9));
    await one.see(arrived(2));
    expect((await new LogPins(home).read(URL))?.head.seq).toBe(9);
  });

  test.each<[string, (path: string) => void]>([
    ['others may write', (path) => chmodSync(path, 0o666)],
    ['is no JSON', (path) => writeFileSync(path, '{')],
    ['has no head', (path) => writeFileSync(path, JSON.stringify({ url: URL, key: 'k' }))],
    ['is about another registry', (path) => writeFileSync(path, readFileSync(path, 'utf8').replace('hub.', 'hub2.'))],
    ['is too large', (path) => writeFileSync(path, ' '.repeat(20_000))],
  ])('LogPins.read() refuses a file that %s', async (_, damage) => {
    const home = temporaryHome();
    await new TrustedLog(home, URL).see(arrived(1));
    damage(new StorePaths(home).logPin(URL));
    await expect(new LogPins(home).read(URL)).rejects.toEqual(refused('EBPM_TRUST_UNUSABLE'));
  });
});
