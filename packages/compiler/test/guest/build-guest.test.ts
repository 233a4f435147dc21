import { chmod, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { readEunomiaPackage } from '@ebpm/formats';
import { describe, expect, it } from 'vitest';
import { buildProject } from '../../src/build-project.js';
import { buildOptions } from '../options.js';
import { copyOf, dirWith, PROGRAM, projectWith } from '../project-dir.js';
import { wasmOf } from './wasm-module.js';

const MANIFEST = '{ "manifest": 1, "name": "tool", "version": "1.0.0", "entry": "app.wasm" }';
const GUEST = `
#include <stdio.h>
#include "tool.skel.h"
int main(void)
{
	struct tool_skel skel;
	if (tool__load(&skel) != 0 || tool__attach(&skel) < 0)
		return 1;
	puts(__FILE__);
	return 0;
}
`;
const PROJECT = { 'ebpm.json': MANIFEST, 'tool.bpf.c': PROGRAM, 'app.c': GUEST };

describe('buildProject() of a guest in C', () => {
  it('makes a module that is a command of WASI, calls what it uses, and carries its object', async () => {
    const { files, skeletons } = await buildProject(buildOptions(await projectWith(PROJECT)));
    expect(files.map(({ path }) => path)).toEqual(['app.wasm']);
    expect(skeletons.map(({ path }) => path)).toEqual(['tool.skel.h']);
    const { imports, exports, objects } = wasmOf(files[0]);
    expect(imports).toEqual(
      expect.arrayContaining(['wasm_bpf.wasm_load_bpf_object', 'wasm_bpf.wasm_attach_bpf_program']),
    );
    expect(imports).not.toContain('ebpm.emit');
    expect(exports).toEqual(expect.arrayContaining(['_start', 'memory', '__indirect_function_table']));
    expect(objects).toEqual([['on_exec']]);
  });

  it('gives the same bytes in any folder, and tells of none', async () => {
    const first = await buildProject(buildOptions(await projectWith(PROJECT)));
    const again = await buildProject(buildOptions(await copyOf(await projectWith(PROJECT), 'quite another name')));
    expect(again.files).toEqual(first.files);
    const text = new TextDecoder('latin1').decode(first.files[0]?.bytes);
    expect(text).toContain('app.c');
    expect(text).not.toMatch(/\/tmp|ebpm-build-/);
  });

  it('carries the objects of all sources, and compiles all C of the guest', async () => {
    const dir = await projectWith({
      'ebpm.json': MANIFEST,
      'one.bpf.c': PROGRAM,
      'two.bpf.c': PROGRAM.replace('on_exec', 'on_other'),
      'main.c':
        '#include "one.skel.h"\nint other(void);\nint main(void) { struct one_skel skel; return one__load(&skel) + other(); }\n',
      'other.c':
        '#include "one.skel.h"\n#include "two.skel.h"\nint other(void) { struct two_skel skel; return two__load(&skel) + (int)sizeof(one__object); }\n',
    });
    const { files, skeletons } = await buildProject(buildOptions(dir));
    expect(skeletons.map(({ path }) => path)).toEqual(['one.skel.h', 'two.skel.h']);
    expect(wasmOf(files[0]).objects.toSorted()).toEqual([['on_exec'], ['on_other']]);
  });

  it('makes the package without a guest too where the entries name both, of the source that is named', async () => {
    const entry = '[{ "file": "app.wasm", "when": { "features": ["new"] } }, { "file": "package.json" }]';
    const manifest = `{ "manifest": 1, "name": "tool", "version": "1.0.0", "source": "tool.bpf.c", "entry": ${entry} }`;
    const dir = await projectWith({
      ...PROJECT,
      'ebpm.json': manifest,
      'two.bpf.c': PROGRAM.replace('on_exec', 'on_other'),
    });
    const { files } = await buildProject(buildOptions(dir));
    expect(files.map(({ path }) => path)).toEqual(['package.json', 'app.wasm']);
    const { meta } = readEunomiaPackage(files[0]?.bytes ?? new Uint8Array());
    expect(meta.bpf_skel.progs.map(({ name }) => name)).toEqual(['on_exec']);
  });

  it('passes errors of clang on unchanged', async () => {
    const dir = await projectWith({ ...PROJECT, 'app.c': 'int main(void) { return nothing; }\n' });
    await expect(buildProject(buildOptions(dir))).rejects.toMatchObject({
      code: 'EBPM_BUILD_COMPILE_FAILED',
      message: `Cannot compile "${dir}/app.c": clang refuses it`,
      data: {
        diagnostics: expect.stringContaining(`${dir}/app.c:1:25: error: use of undeclared identifier 'nothing'`),
      },
    });
  });

  it('says a function that is nowhere as the linker does', async () => {
    const dir = await projectWith({
      ...PROJECT,
      'app.c': 'int nowhere(void);\nint main(void) { return nowhere(); }\n',
    });
    await expect(buildProject(buildOptions(dir))).rejects.toMatchObject({
      code: 'EBPM_BUILD_COMPILE_FAILED',
      data: { diagnostics: expect.stringContaining('undefined symbol: nowhere') },
    });
  });

  it.each([
    ['no guest', { 'app.c': undefined }, 'it has neither "app.ts" nor a C source that is no *.bpf.c'],
    ['a guest in two languages', { 'app.ts': '' }, 'it has "app.ts" and "app.c"'],
  ])('refuses a project with %s', async (_, files, reason) => {
    const all = Object.entries({ ...PROJECT, ...files }).flatMap(([path, text]) =>
      text === undefined ? [] : [[path, text]],
    );
    const dir = await projectWith(Object.fromEntries(all));
    await expect(buildProject(buildOptions(dir))).rejects.toMatchObject({
      code: 'EBPM_BUILD_GUEST',
      message: `Cannot make "app.wasm" of "${dir}": ${reason}`,
    });
  });

  it('refuses two modules in one project', async () => {
    const manifest = MANIFEST.replace('"app.wasm"', '[{ "file": "a.wasm" }, { "file": "b.wasm" }]');
    await expect(
      buildProject(buildOptions(await projectWith({ ...PROJECT, 'ebpm.json': manifest }))),
    ).rejects.toMatchObject({
      code: 'EBPM_BUILD_GUEST',
      message: 'Cannot build both "a.wasm" and "b.wasm": a project has one WASM module',
    });
  });

  it('refuses a module that calls what no runtime has', async () => {
    const guest = `__attribute__((import_module("env"), import_name("magic"))) int magic(void);\nint main(void) { return magic(); }\n`;
    await expect(buildProject(buildOptions(await projectWith({ ...PROJECT, 'app.c': guest })))).rejects.toMatchObject({
      code: 'EBPM_BUILD_GUEST_IMPORT',
      message: 'Cannot build "app.wasm": it imports env.magic, which ebpm does not give to guests',
    });
  });

  it.each([
    ['wasm_bpf', 'nosuch', 'int', 'void', 'it imports wasm_bpf.nosuch, which ebpm does not give to guests'],
    ['ebpm', 'nosuch', 'int', 'void', 'it imports ebpm.nosuch, which ebpm does not give to guests'],
    ['ebpm', 'possible_cpus', 'long long', 'void', 'ebpm.possible_cpus as () -> i64, and it is () -> i32'],
  ])('refuses a module that calls %s.%s as %s(%s)', async (from, name, gives, takes, reason) => {
    const declared = `__attribute__((import_module("${from}"), import_name("${name}"))) ${gives} magic(${takes});`;
    const guest = `${declared}\nint main(void) { return (int)magic(); }\n`;
    await expect(buildProject(buildOptions(await projectWith({ ...PROJECT, 'app.c': guest })))).rejects.toMatchObject({
      code: 'EBPM_BUILD_GUEST_IMPORT',
      message: expect.stringContaining(reason),
    });
  });

  it('refuses a skeleton beside the sources that is of another object, which the compiler would take', async () => {
    const dir = await projectWith({ ...PROJECT, 'tool.skel.h': '/* of an older object */\n' });
    await expect(buildProject(buildOptions(dir))).rejects.toMatchObject({
      code: 'EBPM_BUILD_GUEST',
      message: `Cannot build: "${dir}/tool.skel.h" is of another object than the one that is built`,
    });
  });

  it('says what to install where clang has no parts for WASM', async () => {
    const bin = await dirWith({
      clang: '#!/bin/sh\ncase "$*" in *wasm32*) echo nowhere;; *) exec /usr/bin/clang "$@";; esac\n',
    });
    await chmod(join(bin, 'clang'), 0o755);
    await symlink('/usr/bin/llvm-strip', join(bin, 'llvm-strip'));
    const dir = await projectWith(PROJECT);
    await expect(buildProject({ ...buildOptions(dir), searchPath: bin })).rejects.toMatchObject({
      code: 'EBPM_TOOL_MISSING',
      message: "Cannot compile C to WASM: wasm-ld, wasi-libc, clang's builtins for WASM are not installed",
      hint: 'On Debian and Ubuntu: sudo apt-get install lld wasi-libc libclang-rt-dev-wasm32\nElsewhere: npm install -g @yowasp/clang',
    });
  });
});
