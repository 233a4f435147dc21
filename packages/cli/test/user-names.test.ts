import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { userNames } from '../src/user-names.js';

const folder = mkdtempSync(join(tmpdir(), 'ebpm-users-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('userNames() reads the file when it is first asked, once, and takes the first name of a number', () => {
  const path = join(folder, 'passwd');
  const names = userNames(path);
  writeFileSync(
    path,
    'root:x:0:0:root:/root:/bin/bash\ntoor:x:0:0::/:\n\nbad\n:x:7:\nbroken:x:y:\nada:x:1000:1000::/:\n',
  );
  expect([0, 7, 1000, 1001].map(names)).toEqual(['root', undefined, 'ada', undefined]);
  writeFileSync(path, 'other:x:0:0::/:\n');
  expect(names(0)).toBe('root');
});

it('userNames() knows nobody where there is no such file, or a folder', () => {
  expect(userNames(join(folder, 'missing'))(0)).toBeUndefined();
  expect(userNames(folder)(0)).toBeUndefined();
});

it('userNames() reads no more than the beginning of an endless file', () => {
  expect(userNames('/dev/zero')(0)).toBeUndefined();
});
