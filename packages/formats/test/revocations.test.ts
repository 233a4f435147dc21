import { describe, expect, test } from 'vitest';
import { openCheckpoint, signCheckpoint } from '../src/checkpoint.js';
import { openRevocations, type Revocations, signRevocations } from '../src/revocations.js';
import { noteSigner } from '../src/signed-note.js';

const REGISTRY = 'ab'.repeat(16);
const SIGNER = noteSigner(`ebpm-registry/${REGISTRY}`, new Uint8Array(32).fill(7));
const invalid = expect.objectContaining({ code: 'EBPM_NOTE_INVALID' });
const LIST: Revocations = {
  registry: REGISTRY,
  seq: 7,
  hash: 'cd'.repeat(32),
  time: '2026-01-02T03:04:05.678Z',
  keys: new Set(['k_1']),
  digests: new Set(['sha256:2', 'sha256:1']),
  packages: new Set(['@acme/x']),
};

describe('signRevocations()', () => {
  test('signRevocations() writes what openRevocations() reads, empty or long', () => {
    expect(openRevocations(signRevocations(LIST, SIGNER), SIGNER.key)).toEqual(LIST);
    const none = { ...LIST, keys: new Set<string>(), digests: new Set<string>(), packages: new Set<string>() };
    expect(openRevocations(signRevocations(none, SIGNER), SIGNER.key)).toEqual(none);
    const digests = new Set(Array.from({ length: 10_000 }, (_, i) => `sha256:${String(i).padStart(64, '0')}`));
    expect(openRevocations(signRevocations({ ...LIST, digests }, SIGNER), SIGNER.key).digests.size).toBe(10_000);
  });

  test('openRevocations() refuses what was changed, what another key signed, and a checkpoint', () => {
    const note = signRevocations(LIST, SIGNER);
    const stranger = noteSigner(`ebpm-registry/${REGISTRY}`, new Uint8Array(32).fill(8));
    const { registry, seq, hash, time } = LIST;
    const checkpoint = signCheckpoint({ registry, seq, hash, time }, SIGNER);
    for (const bad of [
      note.replace('key k_1\n', ''),
      note.replace('\n7\n', '\n8\n'),
      checkpoint,
      '',
      '\n\n'.repeat(9),
    ]) {
      expect(() => openRevocations(bad, SIGNER.key)).toThrow(invalid);
    }
    expect(() => openRevocations(signRevocations(LIST, stranger), SIGNER.key)).toThrow(invalid);
    expect(() => openRevocations(`${note}${' '.repeat(3_000_000)}`, SIGNER.key)).toThrow(invalid);
    expect(() => openCheckpoint(note, SIGNER.key)).toThrow(invalid);
  });
});
