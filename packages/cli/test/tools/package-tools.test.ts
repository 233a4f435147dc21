import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf } from '@ebpm/formats';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { tinyPackage } from '../../../client/test/tiny-package.js';
import { packageTools } from '../../src/tools/package-tools.js';
import { moduleBytes } from './module-bytes.js';
import { chosen, contextOf, putIn, STARTER } from './tool-store.js';

const folder = mkdtempSync(join(tmpdir(), 'ebpm-package-tools-'));
afterAll(() => rmSync(folder, { recursive: true }));

const TINY = ['package.json', tinyPackage()] as const;
/** A byte of the entry in the archive of a tool: ebpm.json and two headers stand before it. */
const PAYLOAD = 3 * 512 + 200;
let made = 0;
let home: string;
beforeEach(() => {
  home = join(folder, `home-${made++}`);
});

const inputOf = (installed: Awaited<ReturnType<typeof putIn>>, bytes: Uint8Array) => ({
  bytes,
  source: `${installed.name}@${installed.version}/app.wasm`,
  installed,
});

/** An application that depends on these, with what was chosen for it. */
async function application(bytes: Uint8Array, ...tools: readonly Awaited<ReturnType<typeof putIn>>[]) {
  const needs = chosen(...tools);
  const app = await putIn(home, { name: 'app', entry: ['app.wasm', bytes], dependencies: needs.requires, needs });
  return inputOf(app, bytes);
}

describe('packageTools()', () => {
  it('packageTools() finds what a module can start, in the versions that were chosen, and no headers', async () => {
    const tool = await putIn(home, { name: 'tool', entry: TINY });
    await putIn(home, { name: 'tool', version: '2.0.0', entry: TINY });
    const headers = await putIn(home, { name: 'headers' });
    const { own, all, missing } = await packageTools(contextOf(home), await application(STARTER, tool, headers));
    expect([...own.keys()]).toEqual(['tool']);
    expect(all).toMatchObject([{ name: 'tool', version: '1.0.0', input: { installed: { digest: tool.digest } } }]);
    expect([...missing]).toEqual([]);
  });

  it('packageTools() finds nothing of a module that does not import what starts them, and of what is no module', async () => {
    const tool = await putIn(home, { name: 'tool', entry: TINY });
    for (const bytes of [moduleBytes([['ebpm', 'tool_read']]), moduleBytes([['other', 'tool_start']]), TINY[1]]) {
      const { own, missing } = await packageTools(contextOf(home), await application(bytes, tool));
      expect([own.size, missing.size]).toEqual([0, 0]);
    }
  });

  it('packageTools() says why what is named cannot be started', async () => {
    const gone = { name: 'gone', version: '1.0.0', digest: digestOf(Buffer.from('gone')) };
    const other = { ...(await putIn(home, { name: 'other', entry: TINY })), digest: gone.digest };
    const needs = chosen(gone, other);
    const dependencies = { ...needs.requires, unknown: '^1' };
    const app = await putIn(home, { name: 'app', entry: ['app.wasm', STARTER], dependencies, needs });
    const { own, missing } = await packageTools(contextOf(home), inputOf(app, STARTER));
    expect(own.size).toBe(0);
    expect(Object.fromEntries(missing)).toEqual({
      gone: 'version 1.0.0 of it is not installed: type ebpm install app@1.0.0',
      other: 'what is installed as version 1.0.0 is not what was chosen',
      unknown: 'no version of it was chosen: type ebpm install app@1.0.0',
    });
  });

  it('packageTools() believes no record whose versions make no sense', async () => {
    const tool = await putIn(home, { name: 'tool', entry: TINY });
    const needs = { ...chosen(tool), packages: { tool: { version: '../..', digest: 1 } } } as never;
    const app = await putIn(home, { name: 'app', entry: ['app.wasm', STARTER], dependencies: { tool: '1' }, needs });
    const { missing } = await packageTools(contextOf(home), inputOf(app, STARTER));
    expect(missing.get('tool')).toContain('no version of it was chosen');
  });

  it('packageTools() finds what its tools can start, two deep, also where they start each other', async () => {
    const leaf = await putIn(home, { name: 'leaf', entry: TINY });
    const deep = await putIn(home, {
      name: 'deep',
      entry: ['app.wasm', STARTER],
      dependencies: { leaf: '1' },
      needs: chosen(leaf),
    });
    const tool = await putIn(home, {
      name: 'tool',
      entry: ['app.wasm', STARTER],
      dependencies: { deep: '1.0.0' },
      needs: chosen(deep),
    });
    const app = await application(STARTER, tool);
    const names = async (depth?: number) =>
      (await packageTools(contextOf(home), app, depth)).all.map(({ name }) => name);
    expect(await names()).toEqual(['tool', 'deep']);
    expect(await names(1)).toEqual(['tool']);
    expect(await names(2)).toEqual([]);
  });

  it('packageTools() goes by the ebpm.lock of the project that a file was built in', async () => {
    const tool = await putIn(home, { name: 'tool', entry: TINY });
    const project = join(home, 'project');
    mkdirSync(join(project, 'dist'), { recursive: true });
    const manifest = { manifest: 1, name: 'app', version: '1.0.0', entry: 'app.wasm', dependencies: { tool: '1.0.0' } };
    writeFileSync(join(project, 'ebpm.json'), JSON.stringify(manifest));
    const input = { bytes: STARTER, source: join(project, 'dist/app.wasm') };
    expect([...(await packageTools(contextOf(home), input)).missing.values()]).toEqual([
      'no version of it was chosen: type ebpm install',
    ]);
    writeFileSync(join(project, 'ebpm.lock'), JSON.stringify(chosen(tool)));
    expect([...(await packageTools(contextOf(home), input)).own.keys()]).toEqual(['tool']);
    expect((await packageTools(contextOf(home), { ...input, source: join(project, 'app.wasm') })).own.size).toBe(0);
  });

  it('packageTools() stops where a tool is damaged', async () => {
    const tool = await putIn(home, { name: 'tool', entry: TINY });
    const path = join(home, 'installed/tool@1.0.0.tar');
    const bytes = readFileSync(path);
    bytes[PAYLOAD] = (bytes[PAYLOAD] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    await expect(packageTools(contextOf(home), await application(STARTER, tool))).rejects.toMatchObject({
      code: 'EBPM_STORE_DAMAGED',
    });
  });
});
