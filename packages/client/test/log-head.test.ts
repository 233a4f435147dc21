import { type Checkpoint, formatNoteKey, logOrigin, noteSigner, sha256Hex, signCheckpoint } from '@ebpm/formats';
import { describe, expect, test } from 'vitest';
import { followChain, LOG_START, LogHead, type LogPosition } from '../src/log-head.js';
import { refused } from './refused.js';

const REGISTRY = 'ab'.repeat(16);
const SIGNER = noteSigner(logOrigin(REGISTRY), new Uint8Array(32).fill(7));
const KEY = formatNoteKey(SIGNER.key);
const TIME = '2026-01-02T03:04:05.678Z';

const note = (seq: number, hash: string, registry = REGISTRY): string =>
  signCheckpoint({ registry, seq, hash, time: TIME }, SIGNER);
const hashOf = (digit: string) => digit.repeat(64);

/** Entries behind each other, two operations each, and the position of the last. */
function chain(count: number, salt = ''): { readonly entries: string[]; readonly head: LogPosition } {
  let head = LOG_START;
  const entries = Array.from({ length: count }, (_, i) => {
    const ops = [0, 1].map((n) => JSON.stringify({ type: 'publish', n, of: i + salt }));
    const hashes = ops.map((op) => `"${sha256Hex(Buffer.from(op))}"`).join();
    const header = `{"v":1,"seq":${i + 1},"prev":"${head.hash}","nonce":"x","writer":"w","time":"${TIME}","ops":[${hashes}]}`;
    head = { seq: i + 1, hash: sha256Hex(Buffer.from(header)) };
    return `${[header, ...ops].join('\n')}\n`;
  });
  return { entries, head };
}

describe('LogHead', () => {
  test('LogHead.see() keeps the highest head', () => {
    const head = new LogHead(KEY);
    expect(head.highest).toBeUndefined();
    for (const seq of [1, 5, 5, 9]) head.see(note(seq, hashOf('a')));
    expect(head.highest).toEqual({ registry: REGISTRY, seq: 9, hash: hashOf('a'), time: TIME } satisfies Checkpoint);
  });

  test('LogHead.see() refuses a head that went back or is another one, and keeps what it had', () => {
    const head = new LogHead(KEY, { registry: REGISTRY, seq: 5, hash: hashOf('a'), time: TIME });
    expect(() => head.see(note(4, hashOf('a')))).toThrow(refused('EBPM_REGISTRY_WENT_BACK'));
    expect(() => head.see(note(5, hashOf('b')))).toThrow(refused('EBPM_REGISTRY_FORKED'));
    expect(head.highest?.seq).toBe(5);
  });

  test('LogHead.see() refuses what another key signed, or nobody', () => {
    const head = new LogHead(KEY);
    const stranger = noteSigner(logOrigin(REGISTRY), new Uint8Array(32).fill(8));
    const forged = signCheckpoint({ registry: REGISTRY, seq: 1, hash: hashOf('a'), time: TIME }, stranger);
    for (const bad of [
      forged,
      note(1, hashOf('a')).replace('\n1\n', '\n2\n'),
      note(1, hashOf('a'), 'cd'.repeat(16)),
      '',
    ]) {
      expect(() => head.see(bad)).toThrow(refused('EBPM_NOTE_INVALID'));
    }
    expect(() => new LogHead('key')).toThrow(refused('EBPM_NOTE_KEY_INVALID'));
  });

  test('LogHead.prove() follows the entries from a position that was known to the head', () => {
    const { entries, head } = chain(5);
    const seen = new LogHead(KEY);
    seen.see(note(4, chain(4).head.hash));
    seen.prove(LOG_START, Buffer.from(entries.join('')));
    seen.prove(chain(3).head, Buffer.from(entries.slice(3).join('')));
    expect(() => seen.prove(LOG_START, Buffer.from(entries.slice(0, 2).join('')))).toThrow(
      refused('EBPM_LOG_CHAIN_INVALID'),
    );
    seen.see(note(5, hashOf('f')));
    expect(() => seen.prove(LOG_START, Buffer.from(entries.join('')))).toThrow(refused('EBPM_REGISTRY_FORKED'));
    expect(head.seq).toBe(5);
  });

  test('followChain() takes entries of which operations were left out', () => {
    const { entries, head } = chain(3);
    const [one = '', two = '', three = ''] = entries;
    const hidden = [one.split('\n').slice(0, 1), two.split('\n').slice(0, 2), three.split('\n')].flat().join('\n');
    expect(followChain(LOG_START, Buffer.from(hidden))).toEqual(head);
  });

  test.each<[string, (entries: string[]) => string[], string]>([
    ['lacks an entry', ([a = '', , c = '']) => [a, c], 'EBPM_LOG_CHAIN_INVALID'],
    [
      'has a changed operation',
      ([a = '', ...rest]) => [a.replace('"n":0', '"n":7'), ...rest],
      'EBPM_LOG_CHAIN_INVALID',
    ],
    [
      'has operations in another order',
      ([a = '']) => [a.replace(/(\{"type.*\n)(\{"type.*\n)/, '$2$1')],
      'EBPM_LOG_CHAIN_INVALID',
    ],
    ['has a changed header', ([a = '', ...rest]) => [a.replace('"w"', '"v"'), ...rest], 'EBPM_LOG_CHAIN_INVALID'],
    ['belongs to another log', () => chain(3, 'x').entries.slice(1), 'EBPM_REGISTRY_FORKED'],
  ])('followChain() refuses a log that %s', (_, change, code) => {
    const { entries } = chain(3);
    const from = code === 'EBPM_REGISTRY_FORKED' ? chain(1).head : LOG_START;
    expect(() => followChain(from, Buffer.from(change(entries).join('')))).toThrow(refused(code));
  });
});
