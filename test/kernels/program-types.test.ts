import { readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runInLab } from '@ebpm/lab';
import { PROGRAM_TYPES } from '@ebpm/loader';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileFixture } from '../support/compile-fixture.js';
import { buildExample, buildFixture } from './build-example.js';
import { buildProgram } from './build-program.js';
import { ADDON, LAB_CACHE, ROOT } from './installation.js';
import { CASES } from './program-types/cases.js';
import { COMMANDS } from './program-types/commands.js';
import { renderMatrix } from './program-types/render-matrix.js';
import type { KilledRow, Row } from './program-types/row.js';
import { temporaryFolder } from './temporary-folder.js';

const KERNELS = ['6.1', '6.12'] as const;
/** On a quiet machine it takes a tenth of this. */
const DEADLINE_MS = 420_000;
/** What must be refused on 6.1 with a proof, and is there on 6.12. */
const NOT_IN_6_1 = [
  ...['kprobe.multi', 'uprobe.multi', 'uprobe.multi', 'tcx', 'tcx', 'netfilter'],
  ...Array.from({ length: 5 }, () => 'cgroup unix_addr'),
];
const folder = temporaryFolder('program-types');
const source = (name: string) => new URL(`program-types/${name}`, import.meta.url);
const rows = new Map<string, readonly Row[]>();
let files: Record<string, string | Uint8Array>;

beforeAll(async () => {
  await build({
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
    entryPoints: ['drive', 'hold'].map((name) => fileURLToPath(source(`${name}.ts`))),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    // What the command line's dependencies are written in asks for it.
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
  });
  files = {
    '/test/drive.mjs': `${folder}/drive.mjs`,
    '/test/hold.mjs': `${folder}/hold.mjs`,
    '/test/ebpm_loader.node': ADDON,
    '/test/types.o': compileFixture(source('types.bpf.c')),
    '/test/iterators.o': compileFixture(source('iterators.bpf.c')),
    '/test/congestion.o': compileFixture(source('congestion.bpf.c')),
    '/test/unloadable.o': compileFixture(source('unloadable.bpf.c')),
    '/test/unattachable.o': compileFixture(source('unattachable.bpf.c')),
    '/test/choices.json': withoutLink(await buildFixture('choices', folder), 'on_request'),
    '/test/actor': buildProgram('actor', folder),
    '/test/program-ids': buildProgram('program-ids', folder),
    '/test/ip': '/sbin/ip',
    '/test/tc': '/sbin/tc',
    '/bin/bash': '/bin/bash',
  };
  for (const example of ['xdp-count', 'tc-count', 'lsm-deny-connect', 'uprobe-readline']) {
    files[`/test/${example}.json`] = await buildExample(example, folder);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A package that says `link: false` of a program, which our own build does not write. */
function withoutLink(path: string, program: string): Uint8Array {
  const pkg = JSON.parse(readFileSync(path, 'utf8'));
  const row = pkg.meta.bpf_skel.progs.find(({ name }: { name: string }) => name === program);
  row.link = false;
  return Buffer.from(JSON.stringify(pkg));
}

/** What drive.mjs wrote down. */
interface Result {
  readonly rows: readonly Row[];
  readonly killed: KilledRow;
  /** By name of the command: everything that was not as it must be. */
  readonly commands: Readonly<Record<string, readonly string[]>>;
}

describe.each(KERNELS)('on Linux %s', (kernel) => {
  it('every kind of program attaches, acts, detaches and leaves nothing, or is refused with a proof', {
    timeout: DEADLINE_MS + 60_000,
  }, async () => {
    const { results, stderr, exitCode } = await runInLab({
      kernel,
      cacheDir: LAB_CACHE,
      command: ['node', '/test/drive.mjs', '/test/result'],
      files,
      results: ['/test/result'],
      deadlineMs: DEADLINE_MS,
    });
    const bytes = results['/test/result'];

    if (bytes === undefined) throw new Error(`drive.mjs ended with ${exitCode} and wrote nothing:\n${stderr}`);
    const result: Result = JSON.parse(Buffer.from(bytes).toString('utf8'));
    rows.set(kernel, result.rows);
    expect(result.commands).toEqual(Object.fromEntries(COMMANDS.map(({ name }) => [name, []])));
    expect(result.rows.filter(({ status, left }) => status === 'failed' || left.length > 0)).toEqual([]);
    const unsupported = result.rows.filter(({ status }) => status === 'not supported').map(({ type }) => type);
    const newer = kernel === '6.1' ? NOT_IN_6_1 : [];
    expect(unsupported).toEqual(newer);
    const recorded = kernel === '6.1' ? ['tc', 'struct_ops'] : ['tc'];
    expect(result.killed).toEqual({ recorded, stayed: true, removed: expect.anything(), left: [], again: 0 });
    expect([...result.killed.removed].sort()).toEqual([...recorded].sort());
  });
});

it('docs/program-types.md is what these kernels gave', async () => {
  expect(new Set(CASES.map(({ type }) => type))).toEqual(new Set(PROGRAM_TYPES.map(({ name }) => name)));
  // Written anew by: npx vitest run --project kernel test/kernels/program-types.test.ts -u
  await expect(renderMatrix(rows)).toMatchFileSnapshot(`${ROOT}docs/program-types.md`);
  expect(readFileSync(`${ROOT}docs/program-types.md`, 'utf8')).not.toContain('undefined');
});
