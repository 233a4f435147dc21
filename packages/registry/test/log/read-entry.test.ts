import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { START } from '../../src/log/entry.js';
import type { JsonValue } from '../../src/log/op.js';
import { readEntry } from '../../src/log/read-entry.js';
import { completeOp, opLine, writeEntry } from '../../src/log/write-entry.js';

const PREV = 'c'.repeat(64);
const EXPECTED = { log: 'log', seq: 7, prev: PREV } as const;
const LINES = ['1.0.0', '1.1.0', '1.2.0'].map((version, i) => line({ version }, String(i).repeat(32)));

/** Entry 7 of the documentation, byte for byte. Format 1 is for ever: this test never changes. */
const GOLDEN =
  '{"v":1,"seq":7,"prev":"cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc",' +
  '"nonce":"abababababababababababababababab","writer":"replica-1","time":"2026-01-01T00:00:00.000Z",' +
  '"ops":["6e9d5e6b5650460c0312a9773a61e2863d9d9613b1d09fc0f8b168f188f501d4"]}\n' +
  '{"type":"publish","salt":"00000000000000000000000000000000","by":"u1","auth":3,"version":"1.0.0"}\n';

describe('readEntry()', () => {
  it('readEntry() reads what writeEntry() writes, whatever the operations hold', () => {
    const fields = fc.dictionary(
      fc.string().filter((key) => !RESERVED.includes(key)),
      fc.jsonValue(),
      { maxKeys: 5 },
    );
    fc.assert(
      fc.property(fc.uniqueArray(fields, { minLength: 1, maxLength: 5, comparator: () => false }), (ops) => {
        const lines = ops.map((op, i) => line(op as Record<string, JsonValue>, i.toString(16).padStart(32, '0')));
        const entry = readEntry(bytesOf(lines), EXPECTED);
        expect(entry.ops.map(({ op }) => JSON.stringify(op))).toEqual(
          lines.map((text) => JSON.stringify(JSON.parse(text))),
        );
      }),
      { numRuns: 50 },
    );
  });

  it('readEntry() reads the entry of the documentation, whose bytes and hash never change', () => {
    expect(Buffer.from(bytesOf(LINES.slice(0, 1))).toString()).toBe(GOLDEN);
    const entry = readEntry(Buffer.from(GOLDEN), EXPECTED);
    expect(entry.hash).toBe('917a71a01c95ae216f8bfc1a6e0228f133683416c5e2823d728184c539696b87');
    expect(entry).toMatchObject({ seq: 7, prev: PREV, nonce: 'ab'.repeat(16), writer: 'replica-1' });
    expect(entry.ops[0]?.op).toMatchObject({ type: 'publish', by: 'u1', auth: 3, version: '1.0.0' });
  });

  it('readEntry() takes 64 zeros as the predecessor of entry 1', () => {
    const bytes = writeEntry({ after: START, nonce: 'ab'.repeat(16), writer: 'w', timeMs: 0, opLines: LINES });
    expect(readEntry(bytes, { log: 'log', seq: 1, prev: START.hash }).seq).toBe(1);
  });

  it('readEntry() gives the hash of the header line, which does not depend on hidden lines', () => {
    const bytes = bytesOf(LINES);
    const [header = '', , second = ''] = Buffer.from(bytes).toString().split('\n');
    const hidden = readEntry(Buffer.from(`${header}\n${second}\n`), EXPECTED);
    expect(hidden.hash).toBe(createHash('sha256').update(header).digest('hex'));
    expect(hidden.hash).toBe(readEntry(bytes, EXPECTED).hash);
    expect(hidden.ops.map(({ op }) => op?.['version'])).toEqual([undefined, '1.1.0', undefined]);
  });

  it('readEntry() reads an entry of which every line is hidden', () => {
    const header = Buffer.from(bytesOf(LINES)).toString().split('\n')[0];
    expect(readEntry(Buffer.from(`${header}\n`), EXPECTED).ops.every(({ op }) => op === undefined)).toBe(true);
  });

  it.each<[string, (text: string) => string]>([
    ['nothing', () => ''],
    ['an empty line', () => '\n'],
    ['no end of the last line', (text) => text.slice(0, -1)],
    ['CRLF', (text) => text.replaceAll('\n', '\r\n')],
    ['an empty line at its end', (text) => `${text}\n`],
    ['another number', (text) => text.replace('"seq":7', '"seq":8')],
    ['a number with a leading zero', (text) => text.replace('"seq":7', '"seq":07')],
    ['another predecessor', (text) => text.replace(PREV, 'd'.repeat(64))],
    ['a nonce that is too short', (text) => text.replace('ab'.repeat(16), 'ab')],
    ['a writer with a blank', (text) => text.replace('replica-1', 'replica 1')],
    ['a day that does not exist', (text) => text.replace('2026-01-01', '2026-02-30')],
    ['a time without milliseconds', (text) => text.replace('.000Z', 'Z')],
    ['format 0', (text) => text.replace('"v":1', '"v":0')],
    ['a blank in its header', (text) => text.replace('"seq":7', '"seq": 7')],
    ['a key more in its header', (text) => text.replace('"seq":7', '"seq":7,"x":1')],
    ['a key twice in its header', (text) => text.replace('"seq":7', '"seq":7,"seq":7')],
    ['no operations', (text) => `${text.replace(/"ops":\[.*\]/, '"ops":[]').split('\n')[0]}\n`],
    ['a comma too many', (text) => text.replace('"]}', '",]}')],
    ['a comma too few', (text) => text.replace('","', '""')],
    ['a hash twice', (text) => text.replace(hashOf(LINES[1]), hashOf(LINES[0]))],
    ['a changed line', (text) => text.replace('"1.1.0"', '"6.6.6"')],
    ['lines in another order', (text) => swapLastTwoLines(text)],
    ['a line twice', (text) => `${text}${LINES[2]}\n`],
    ['a line that its header does not name', (text) => `${text}${line({ version: '9.9.9' }, 'f'.repeat(32))}\n`],
    ['more than 1 MiB', (text) => text + ' '.repeat(1024 * 1024)],
  ])('readEntry() refuses %s', (_, change) => {
    const changed = change(Buffer.from(bytesOf(LINES)).toString());
    expect(() => readEntry(Buffer.from(changed), EXPECTED)).toThrow(
      expect.objectContaining({ code: 'EBPM_LOG_UNSOUND' }),
    );
  });

  it.each<[string, string]>([
    ['that is no JSON', '{"type":'],
    ['that is no object', '[]'],
    ['that is null', 'null'],
    ['without a type', opWith({ type: undefined })],
    ['with a type in capitals', opWith({ type: 'Publish' })],
    ['without a salt', opWith({ salt: undefined })],
    ['with a short salt', opWith({ salt: '00' })],
    ['without a user', opWith({ by: undefined })],
    ['with a name as its user', opWith({ by: 'Jane Doe' })],
    ['with half an accounts position', opWith({ auth: 0.5 })],
    ['with a negative accounts position', opWith({ auth: -1 })],
    ['of more than 16 KiB', opWith({ notes: 'x'.repeat(16 * 1024) })],
  ])('readEntry() refuses an operation %s', (_, text) => {
    expect(() => readEntry(bytesOf([text]), EXPECTED)).toThrow(expect.objectContaining({ code: 'EBPM_LOG_UNSOUND' }));
  });

  it('readEntry() refuses what is not UTF-8, in the header and in a line', () => {
    const bytes = Buffer.from(bytesOf([Buffer.from([0xff]).toString('latin1')]));
    for (const at of [bytes.indexOf('replica'), bytes.length - 2]) {
      const broken = Buffer.from(bytes);
      broken[at] = 0xff;
      expect(() => readEntry(broken, EXPECTED)).toThrow(expect.objectContaining({ code: 'EBPM_LOG_UNSOUND' }));
    }
  });

  it('readEntry() refuses a line whose hash is right and that is not UTF-8', () => {
    const lineBytes = Buffer.from([0x7b, 0xff, 0x7d]);
    const hash = createHash('sha256').update(lineBytes).digest('hex');
    const [header = ''] = Buffer.from(bytesOf(LINES.slice(0, 1)))
      .toString()
      .split('\n');
    const bytes = Buffer.concat([
      Buffer.from(`${header.replace(hashOf(LINES[0]), hash)}\n`),
      lineBytes,
      Buffer.from('\n'),
    ]);
    expect(() => readEntry(bytes, EXPECTED)).toThrow(/it is not UTF-8/);
  });

  it('readEntry() refuses more than 256 operations', () => {
    const lines = Array.from({ length: 257 }, (_, i) => line({}, i.toString(16).padStart(32, '0')));
    expect(() => readEntry(bytesOf(lines), EXPECTED)).toThrow(/257 operations/);
    expect(readEntry(bytesOf(lines.slice(1)), EXPECTED).ops).toHaveLength(256);
  });

  it('readEntry() asks for a newer version when the format is a later one', () => {
    const later = '{"v":2,"anything":true}\n';
    expect(() => readEntry(Buffer.from(later), EXPECTED)).toThrow(
      expect.objectContaining({ code: 'EBPM_LOG_TOO_NEW' }),
    );
  });

  it.each(['genesis', 'upgrade'])(
    'readEntry() asks for a newer version when a %s has rules with a higher number',
    (type) => {
      const entry = bytesOf([opWith({ type, rules: 3, needs: '0.9.0' })]);
      expect(() => readEntry(entry, EXPECTED)).toThrow(expect.objectContaining({ code: 'EBPM_LOG_TOO_NEW' }));
      expect(() => readEntry(entry, EXPECTED)).toThrow(/rules 3 in force, which ebpm-registry 0\.9\.0 has/);
    },
  );

  it('readEntry() does not repeat a version that is none', () => {
    const entry = bytesOf([opWith({ type: 'upgrade', rules: 3, needs: '\u001b[2J' })]);
    expect(() => readEntry(entry, EXPECTED)).toThrow(/rules 3 in force, and this version has rules 2/);
  });

  it('readEntry() takes an operation of a type that it does not know', () => {
    expect(readEntry(bytesOf([opWith({ type: 'novelty' })]), EXPECTED).ops[0]?.op?.type).toBe('novelty');
  });

  it('readEntry() never throws anything but its two errors', () => {
    const bytes = Buffer.from(bytesOf(LINES));
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, value) => {
        const changed = Buffer.from(bytes);
        changed[at] = value;
        try {
          const entry = readEntry(changed, EXPECTED);
          expect(changed.equals(bytes) || entry.hash !== readEntry(bytes, EXPECTED).hash).toBe(true);
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^EBPM_LOG_(?:UNSOUND|TOO_NEW)$/) });
        }
      }),
      { numRuns: 300 },
    );
  });
});

const RESERVED = ['type', 'salt', 'by', 'auth', 'rules', '__proto__'];

function line(fields: Readonly<Record<string, JsonValue>>, salt: string): string {
  return opLine(completeOp({ type: 'publish', by: 'u1', ...fields }, salt, 3));
}

function opWith(fields: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ type: 'publish', salt: '0'.repeat(32), by: 'u1', auth: 3, ...fields });
}

function bytesOf(opLines: readonly string[]): Uint8Array {
  const timeMs = Date.parse('2026-01-01T00:00:00.000Z');
  return writeEntry({ after: { seq: 6, hash: PREV }, nonce: 'ab'.repeat(16), writer: 'replica-1', timeMs, opLines });
}

function hashOf(text: string | undefined): string {
  return createHash('sha256')
    .update(text ?? '')
    .digest('hex');
}

function swapLastTwoLines(text: string): string {
  const [header, first, second, third] = text.split('\n');
  return `${[header, first, third, second].join('\n')}\n`;
}
