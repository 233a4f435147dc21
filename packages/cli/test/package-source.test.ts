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

  test('readPackageInput() finds the object beside metadata, and beside nothing else', async () => {
    const context = createContext({ EBPM_HOME: join(folder, 'home') });
    const object = async (name: string) => {
      const found = (await readPackageInput(context, join(folder, name))).object;
      return found === undefined ? undefined : Buffer.from(found).toString();
    };
    writeFileSync(join(folder, 'x.skel.json'), '{"bpf_skel":{}}');
    writeFileSync(join(folder, 'y.skel.json'), '{"bpf_skel":{}}');
    writeFileSync(join(folder, 'x.o'), 'second choice');
    writeFileSync(join(folder, 'file.o'), 'of no metadata');
    expect(await object('x.skel.json')).toBe('second choice');
    writeFileSync(join(folder, 'x.bpf.o'), 'an object');
    expect(await object('x.skel.json')).toBe('an object');
    expect(await object('y.skel.json')).toBeUndefined();
    expect(await object('file.json')).toBeUndefined();
  });

  test.each([
    ['./nowhere.json', 'EBPM_FILE_UNREADABLE'],
    ['Not A Name', 'EBPM_NAME_INVALID'],
  ])('readPackageInput() refuses %s', async (spec, code) => {
    await expect(read(spec)).rejects.toMatchObject({ code });
  });
});
