import { describe, expect, it } from 'vitest';
import { buildProject } from '../../src/build-project.js';
import { compileScriptGuest } from '../../src/guest/compile-script-guest.js';
import { buildOptions } from '../options.js';
import { dirWith, newDir, PROGRAM, projectWith } from '../project-dir.js';
import { wordsOfAssemblyScript } from './compile-script.js';
import { wasmOf } from './wasm-module.js';

const MANIFEST = '{ "manifest": 1, "name": "tool", "version": "1.0.0", "entry": "app.wasm" }';
const GUEST = `
import { exit, print } from "ebpm";
import { Tool } from "tool.skel";
import { greeting } from "./greeting";
const tool = new Tool();
if (tool.load() != 0 || tool.attach() < 0) exit(1);
print(greeting + Math.random().toString());
`;
const PROJECT = {
  'ebpm.json': MANIFEST,
  'tool.bpf.c': PROGRAM,
  'app.ts': GUEST,
  'greeting.ts': 'export const greeting = "hello ";\n',
  // No settings of a project are taken: they could name code that the compiler runs.
  'asconfig.json': '{ "options": { "transform": ["./evil.js"], "runtime": "stub" } }',
};

// The compiler takes seconds on a busy machine.
describe('buildProject() of a guest in AssemblyScript', { timeout: 60_000 }, () => {
  it('makes a module that is a command of WASI, has nothing from a browser, carries its object, and is the same in any folder', async () => {
    const { files, skeletons } = await buildProject(buildOptions(await projectWith(PROJECT)));
    expect(files.map(({ path }) => path)).toEqual(['app.wasm']);
    expect(skeletons.map(({ path }) => path)).toEqual(['tool.skel.ts']);
    const { imports, exports, objects } = wasmOf(files[0]);
    expect(new Set(imports.map((name) => name.split('.')[0]))).toEqual(new Set(['wasi_snapshot_preview1', 'wasm_bpf']));
    expect(exports.toSorted()).toEqual(['__indirect_function_table', '_start', 'memory']);
    expect(objects).toEqual([['on_exec']]);
    const again = await buildProject(buildOptions(await projectWith(PROJECT)));
    expect(again.files).toEqual(files);
    expect(new TextDecoder('latin1').decode(files[0]?.bytes)).not.toMatch(/\/tmp|ebpm-build-/);
  });

  it('passes errors of AssemblyScript on', async () => {
    const dir = await projectWith({ ...PROJECT, 'app.ts': 'const number: i32 = nothing;\n' });
    await expect(buildProject(buildOptions(dir))).rejects.toMatchObject({
      code: 'EBPM_BUILD_COMPILE_FAILED',
      message: `Cannot compile "${dir}/app.ts": AssemblyScript refuses it`,
      data: { diagnostics: expect.stringContaining("Cannot find name 'nothing'") },
    });
  });

  it('refuses what only a browser has', async () => {
    const dir = await projectWith({
      ...PROJECT,
      'app.ts': 'import { print } from "ebpm";\nprint(Date.now().toString());\n',
    });
    await expect(buildProject(buildOptions(dir))).rejects.toMatchObject({
      code: 'EBPM_BUILD_GUEST_IMPORT',
      message: 'Cannot build "app.wasm": it imports env.Date.now, which ebpm does not give to guests',
    });
  });

  it('gives every function of the library a body that compiles', async () => {
    const app = `
import * as ebpm from "ebpm";
ebpm.printError(ebpm.args().join(" ") + ebpm.errorText(-2) + (ebpm.now() - ebpm.elapsed()).toString());
trace("numbers", 2, 1, 2);
assert(Math.random() < 1, "never");
`;
    expect(await wordsOfAssemblyScript({ 'app.ts': app })).toBe('');
  });
});

describe('compileScriptGuest()', () => {
  it('says what to install where AssemblyScript is nowhere', async () => {
    const options = {
      searchPath: '/nowhere/bin',
      npmFolders: [],
      tempDir: await newDir(),
      headerDirs: [],
      color: false,
    };
    const folder = await dirWith({ 'app.ts': '' });
    await expect(
      compileScriptGuest({ ...options, folder, paths: ['app.ts'], skeletonDir: await newDir() }),
    ).rejects.toMatchObject({
      code: 'EBPM_TOOL_MISSING',
      message: 'Cannot build: "assemblyscript" is not installed',
      hint: expect.stringContaining('npm install -g assemblyscript'),
    });
  });
});
