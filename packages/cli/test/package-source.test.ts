import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createContext } from '../src/context.js';
import { readPackageInput } from '../src/package-source.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ebpm-source-'));
  mkdirSync(join(folder, 'project/dist'), { recursive: true });
  writeFileSync(join(folder, 'project/dist/package.json'), 'built');
  writeFileSync(join(folder, 'file.json'), 'a file');
});
afterAll(() => rmSync(folder, { recursive: true }));

async function read(spec: string): Promise<string> {
  const context = createContext({ EBPM_HOME: join(folder, 'home') });
  return Buffer.from((await readPackageInput(context, spec)).bytes).toString();
}

// Names are read by the end-to-end tests, with a registry.
describe('readPackageInput()', () => {
  test('readPackageInput() reads a file, and what a project was built into', async () => {
    expect(await read(join(folder, 'file.json'))).toBe('a file');
    expect(await read(join(folder, 'project'))).toBe('built');
  });

  test.each([
    ['./nowhere.json', 'EBPM_FILE_UNREADABLE'],
    ['https://example.org/package.json', 'EBPM_USAGE_INVALID'],
    ['Not A Name', 'EBPM_NAME_INVALID'],
  ])('readPackageInput() refuses %s', async (spec, code) => {
    await expect(read(spec)).rejects.toMatchObject({ code });
  });
});
