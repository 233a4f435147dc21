import {
  appendFileSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openAuditFile } from '../../src/audit/audit-file.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ebpm-audit-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const placed = (path: string, isSystem = false) => ({ folder: path, isSystem });
const textIn = (path: string) => readFileSync(join(path, 'audit.ndjson'), 'utf8');

function append(path: string, line: string, maxBytes?: number): void {
  const file = openAuditFile(placed(path), maxBytes);
  file.append(line);
  file.close();
}

describe('openAuditFile()', () => {
  it('openAuditFile() makes folder and file, for nobody else to read, and appends', () => {
    const path = join(folder, 'a/b');
    append(path, '{"n":1}');
    append(path, '{"n":2}');
    expect(textIn(path)).toBe('{"n":1}\n{"n":2}\n');
    expect((statSync(join(path, 'audit.ndjson')).mode & 0o777).toString(8)).toBe('600');
  });

  it('openAuditFile() appends behind what others append meanwhile', () => {
    const [one, other] = [openAuditFile(placed(folder)), openAuditFile(placed(folder))];
    one.append('1');
    other.append('2');
    one.append('3');
    one.close();
    other.close();
    expect(textIn(folder)).toBe('1\n2\n3\n');
  });

  it('openAuditFile() begins a line of its own behind one that a full disk has cut', () => {
    append(folder, '{"n":1}');
    appendFileSync(join(folder, 'audit.ndjson'), '{"n":');
    append(folder, '{"n":3}');
    expect(textIn(folder)).toBe('{"n":1}\n{"n":\n{"n":3}\n');
  });

  it('openAuditFile() puts a file aside that has grown large, and keeps the newest of those', () => {
    for (let n = 0; n < 8; n++) {
      append(folder, `${n}`.repeat(10), 10);
      const before = Date.now();
      while (Date.now() === before);
    }
    const [now, ...aside] = readdirSync(folder).sort().reverse();
    expect(now).toBe('audit.ndjson');
    expect(textIn(folder)).toBe('7777777777\n');
    expect(aside.map((name) => readFileSync(join(folder, name), 'utf8')[0])).toEqual(['6', '5', '4', '3']);
  });

  it('openAuditFile() follows no link and writes into no folder', () => {
    writeFileSync(join(folder, 'secret'), 'mine');
    symlinkSync(join(folder, 'secret'), join(folder, 'audit.ndjson'));
    expect(() => openAuditFile(placed(folder))).toThrow('ELOOP');
    expect(readFileSync(join(folder, 'secret'), 'utf8')).toBe('mine');
    mkdirSync(join(folder, 'other/audit.ndjson'), { recursive: true });
    expect(() => openAuditFile(placed(join(folder, 'other')))).toThrow('EISDIR');
  });

  it.runIf(process.geteuid?.() === 0)(
    'openAuditFile() of the machine takes no folder and no file of somebody else',
    () => {
      chownSync(folder, 65534, 65534);
      expect(() => openAuditFile(placed(folder, true))).toThrow('others may write into');
      const file = join(folder, 'audit.ndjson');
      writeFileSync(file, '');
      chownSync(file, 65534, 65534);
      expect(() => openAuditFile(placed(folder))).toThrow('it belongs to the user 65534');
    },
  );
});
