import { describe, expect, test } from 'vitest';
import { formatNoteKey, noteSigner, openCheckpoint, parseNoteKey, signCheckpoint } from '../src/index.js';
import { openNote } from '../src/signed-note.js';

const SIGNER = noteSigner('example.org/log', new Uint8Array(32).fill(1));
const TEXT = 'example.org/log\n7\n';

describe('signed notes', () => {
  // https://pkg.go.dev/golang.org/x/mod/sumdb/note has this key and note in its documentation.
  test('openNote() opens a note of another implementation', () => {
    const key = parseNoteKey('PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW');
    const text =
      "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    const note = `${text}\n\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`;
    expect(openNote(note, key)).toBe(text);
    expect(formatNoteKey(key)).toBe('PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW');
  });

  test('openNote() opens what a signer signs, among signatures of others', () => {
    const other = noteSigner('witness', new Uint8Array(32).fill(2));
    const both = SIGNER.sign(TEXT) + other.sign(TEXT).slice(TEXT.length + 1);
    for (const signer of [SIGNER, other]) expect(openNote(both, signer.key)).toBe(TEXT);
  });

  test.each<[string, (note: string) => string]>([
    ['another text', (note) => note.replace('7', '8')],
    ['another signature', (note) => note.replace(/(.)=*\n$/, (_, last) => `${last === 'A' ? 'B' : 'A'}\n`)],
    ['no signature', () => `${TEXT}\n`],
    ['no text', (note) => note.slice(TEXT.length)],
    ['no line feed at its end', (note) => note.trimEnd()],
    ['more than 16 KiB', (note) => 'x\n'.repeat(10_000) + note],
    ['nothing', () => ''],
  ])('openNote() refuses a note with %s', (_, change) => {
    expect(() => openNote(change(SIGNER.sign(TEXT)), SIGNER.key)).toThrow(
      expect.objectContaining({ code: 'EBPM_NOTE_INVALID' }),
    );
  });

  test.each(['', 'name', 'a+12345678+AAAA', formatNoteKey(SIGNER.key).replace('example', 'other')])(
    'parseNoteKey() refuses "%s"',
    (text) => {
      expect(() => parseNoteKey(text)).toThrow(expect.objectContaining({ code: 'EBPM_NOTE_KEY_INVALID' }));
    },
  );

  test('noteSigner() refuses other sizes and names with a TypeError', () => {
    expect(() => noteSigner('a', new Uint8Array(31))).toThrow(TypeError);
    expect(() => noteSigner('a b', new Uint8Array(32))).toThrow(TypeError);
    expect(() => SIGNER.sign('no line feed')).toThrow(TypeError);
  });
});

describe('checkpoints', () => {
  const registry = 'ab'.repeat(16);
  const signer = noteSigner(`ebpm-registry/${registry}`, new Uint8Array(32).fill(3));
  const checkpoint = { registry, seq: 12, hash: 'cd'.repeat(32), time: '2026-01-02T03:04:05.000Z' };

  test('openCheckpoint() gives what signCheckpoint() was given, whose bytes never change', () => {
    const note = signCheckpoint(checkpoint, signer);
    expect(note.split('\n').slice(0, 5)).toEqual([
      `ebpm-registry/${registry}`,
      '12',
      Buffer.from(checkpoint.hash, 'hex').toString('base64'),
      checkpoint.time,
      '',
    ]);
    expect(openCheckpoint(note, signer.key)).toEqual(checkpoint);
  });

  test.each([
    `other/${registry}\n1\n${'A'.repeat(43)}=\n${checkpoint.time}\n`,
    `ebpm-registry/${'cd'.repeat(16)}\n1\n${'A'.repeat(43)}=\n${checkpoint.time}\n`,
    `ebpm-registry/${registry}\n01\n${'A'.repeat(43)}=\n${checkpoint.time}\n`,
    `ebpm-registry/${registry}\n1\nAAAA\n${checkpoint.time}\n`,
    `ebpm-registry/${registry}\n1\n${'A'.repeat(43)}=\n`,
  ])('openCheckpoint() refuses a signed text that is none (%#)', (text) => {
    expect(() => openCheckpoint(signer.sign(text), signer.key)).toThrow(
      expect.objectContaining({ code: 'EBPM_NOTE_INVALID' }),
    );
  });
});
