import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { readEunomiaPackage } from '@ebpm/formats';
import { describe, expect, it } from 'vitest';
import { type BuildResult, buildPackage } from '../src/build-package.js';
import { buildOptions } from './options.js';
import { copyOf, FIXTURES, PROGRAM, projectWith } from './project-dir.js';

const ANNOTATED = join(FIXTURES, 'annotated');

describe('buildPackage()', () => {
  it('makes a package that passes the schema and holds the object', async () => {
    const result = await buildPackage(buildOptions(await copyOf(ANNOTATED)));
    const { object, meta } = readEunomiaPackage(result.packageFile);
    expect(object).toEqual(new Uint8Array(result.object));
    expect(meta).toEqual(result.meta);
    expect(result.manifest.name).toBe('annotated');
  });

  it('gives the same bytes for the same files in another directory, however it is named', async () => {
    const dir = await copyOf(ANNOTATED);
    const other = await copyOf(ANNOTATED, 'quite another name');
    const first = await buildPackage(buildOptions(dir));
    for (const again of [other, `${dir}/`, relative(process.cwd(), dir)]) {
      expect((await buildPackage(buildOptions(again))).packageFile).toEqual(first.packageFile);
    }
  });

  it('gives the same bytes wherever it is called from, also beside another source of the same name', async () => {
    const dir = await copyOf(ANNOTATED);
    const elsewhere = await projectWith({ 'annotated.bpf.c': 'another source\n'.repeat(100) });
    const { object } = await buildPackage(buildOptions(dir));
    expect((await builtFrom(dir, '.')).object).toEqual(object);
    expect((await builtFrom(elsewhere, dir)).object).toEqual(object);
  });

  it('keeps the lines of the source in BTF, for the log of the verifier', async () => {
    const dir = await projectWith({ 'tool.bpf.c': PROGRAM });
    const { object } = await buildPackage(buildOptions(dir));
    expect(textsOf(object)).toContain(PROGRAM.split('\n').find((line) => line.includes('return')));
  });

  it('leaves no directory in the object', async () => {
    const dir = await copyOf(ANNOTATED);
    const { object } = await buildPackage(buildOptions(dir));
    const texts = textsOf(object);
    expect(texts).toContain('./annotated.bpf.c');
    expect(texts.filter((text) => text.startsWith('/'))).toEqual([]);
  });

  it('finds the headers of other packages, the first of two with one path, and does not tell where they lay', async () => {
    const dir = await projectWith({
      'tool.bpf.c': `#include <counters/one.h>\nconst char where[] = COUNTERS_FILE;\n${PROGRAM}`,
    });
    const header = (text: string) => [{ path: 'counters/one.h', bytes: Buffer.from(text) }];
    const headersOf = async () => [
      { name: '@acme/counters', files: header('#define COUNTERS_FILE __FILE__\n') },
      { name: 'counters', files: header('#error not the first\n') },
    ];
    const [first, second] = [
      await buildPackage({ ...buildOptions(dir), headersOf }),
      await buildPackage({ ...buildOptions(dir), headersOf }),
    ];
    expect(second.packageFile).toEqual(first.packageFile);
    expect(textsOf(first.object).filter((text) => text.includes('/tmp') || text.startsWith('/'))).toEqual([]);
    await expect(buildPackage(buildOptions(dir))).rejects.toMatchObject({ code: 'EBPM_BUILD_COMPILE_FAILED' });
  });

  it('writes nothing into the project', async () => {
    const dir = await copyOf(ANNOTATED);
    const before = await readdir(dir);
    await buildPackage(buildOptions(dir));
    expect(await readdir(dir)).toEqual(before);
  });

  it('passes warnings of clang on', async () => {
    const dir = await projectWith({ 'tool.bpf.c': `${PROGRAM}static int unused;` });
    const { diagnostics } = await buildPackage(buildOptions(dir));
    expect(diagnostics).toContain(`${dir}/tool.bpf.c:5:12: warning: unused variable 'unused' [-Wunused-variable]\n`);
    expect(diagnostics).toContain('1 warning generated.');
  });

  it('passes errors of clang on unchanged', async () => {
    const dir = await projectWith({ 'tool.bpf.c': 'int f(void) { return nothing; }\n' });
    await expect(buildPackage(buildOptions(dir))).rejects.toMatchObject({
      code: 'EBPM_BUILD_COMPILE_FAILED',
      message: `Cannot compile "${dir}/tool.bpf.c": clang refuses it`,
      data: {
        exitCode: 1,
        diagnostics: [
          `${dir}/tool.bpf.c:1:22: error: use of undeclared identifier 'nothing'`,
          'int f(void) { return nothing; }',
          '                     ^',
          '1 error generated.',
          '',
        ].join('\n'),
      },
    });
  });

  it('takes a source whose name looks like a flag as a source', async () => {
    const dir = await projectWith({ '-fplugin=evil.bpf.c': PROGRAM });
    const { meta } = await builtFrom(dir, '.');
    expect(meta.bpf_skel.obj_name).toBe('_fplugin_evil_bpf');
  });

  it('builds the source that the manifest names', async () => {
    const manifest = '{ "manifest": 1, "name": "tool", "version": "1.0.0", "source": "src/b.bpf.c" }';
    const dir = await projectWith({
      'ebpm.json': manifest,
      'a.bpf.c': 'nonsense',
      'src/b.bpf.c': `${PROGRAM}#include "b.h"\n`,
      'src/b.h': 'struct event { int a; };',
      'src/vmlinux.h': '#include "../vmlinux.h"\n',
    });
    const { meta } = await buildPackage(buildOptions(dir));
    expect(meta.bpf_skel.obj_name).toBe('b_bpf');
    expect(meta.export_types).toMatchObject([{ name: 'event', size: 4 }]);
  });
});

/** What is built where the user stands in `cwd`. */
async function builtFrom(cwd: string, dir: string): Promise<BuildResult> {
  const before = process.cwd();
  process.chdir(cwd);
  try {
    return await buildPackage(buildOptions(dir));
  } finally {
    process.chdir(before);
  }
}

/** Every text of printable ASCII in an object, as strings(1) finds them. */
function textsOf(object: Uint8Array): readonly string[] {
  return new TextDecoder('latin1').decode(object).match(/[\x20-\x7e]{4,}/g) ?? [];
}
