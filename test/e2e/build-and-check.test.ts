import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readElf } from '@ebpm/object';
import {
  cliBuildKind,
  cliCheckKind,
  cliDiffKind,
  cliInspectKind,
  cliSkeletonsKind,
  packageFactsKind,
  validate,
} from '@ebpm/schemas';
import { afterAll, expect, it } from 'vitest';
import { EBPM, ROOT } from '../kernels/installation.js';
import { temporaryFolder } from '../kernels/temporary-folder.js';
import { compileFixture } from '../support/compile-fixture.js';

const folder = temporaryFolder('build-and-check');
const file = `${folder}/sigsnoop.json`;
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function ebpm(...words: string[]) {
  return spawnSync(process.execPath, [EBPM, ...words], { encoding: 'utf8' });
}

it('ebpm build --json and ebpm check --json print what their schemas say', () => {
  const built = ebpm('build', `${ROOT}examples/sigsnoop`, '--out', file, '--json');
  expect(validate(cliBuildKind, JSON.parse(built.stdout))).toMatchObject({
    ok: true,
    value: { name: 'sigsnoop', path: file },
  });
  const checked = ebpm('check', file, '--json');
  const { findings, verdict } = JSON.parse(checked.stdout);
  expect(validate(cliCheckKind, { findings, verdict })).toMatchObject({ ok: true });
  expect(checked.status).toBe({ RUN: 0, DEGRADED: 3, 'WILL NOT RUN': 4, UNKNOWN: 5 }[verdict as 'RUN']);
});

it('ebpm gen wasm-skel writes the skeletons of a project and of an object, and the library, and prints what its schema says', () => {
  const project = ebpm('gen', 'wasm-skel', `${ROOT}examples/runtimes-wasm`, '--out', `${folder}/skel`, '--json');
  expect(validate(cliSkeletonsKind, JSON.parse(project.stdout))).toMatchObject({
    ok: true,
    value: {
      language: 'c',
      files: ['ends.skel.h', 'starts.skel.h', 'ebpm.h'].map((name) => ({ path: `${folder}/skel/${name}` })),
    },
  });
  const object = `${folder}/wanted.bpf.o`;
  writeFileSync(
    object,
    compileFixture(new URL('../../packages/runner/test/fixtures/relocations.bpf.c', import.meta.url)),
  );
  const made = ebpm('gen', 'wasm-skel', object, '--language', 'ts', '--out', `${folder}/skel`);
  expect(made).toMatchObject({ status: 0, stdout: expect.stringContaining(`${folder}/skel/wanted.skel.ts (`) });
  expect(readFileSync(`${folder}/skel/wanted.skel.ts`, 'utf8')).toContain('export class Wanted {');
  expect(readFileSync(`${folder}/skel/ebpm.ts`, 'utf8')).toContain('export function print(');
  expect(ebpm('gen', 'wasm-skel', `${ROOT}package.json`)).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('code: EBPM_'),
  });
});

it('ebpm build of a WASM module writes it, what it was compiled with, and says so', () => {
  const project = `${folder}/bootstrap`;
  cpSync(`${ROOT}examples/bootstrap-wasm`, project, { recursive: true, dereference: true });
  const built = ebpm('build', project, '--json');
  expect(validate(cliBuildKind, JSON.parse(built.stdout))).toMatchObject({
    ok: true,
    value: { name: 'bootstrap-wasm', path: `${project}/dist/app.wasm`, files: [{ path: `${project}/dist/app.wasm` }] },
  });
  expect(readFileSync(`${project}/dist/skel/bootstrap.skel.h`, 'utf8')).toContain('struct bootstrap_event {');
  const { stdout, status } = ebpm('inspect', `${project}/dist/app.wasm`);
  expect({ status, stdout }).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('program handle_exec: tracepoint'),
  });
});

it('ebpm check --btf answers for kernels of which only the BTF is there, a column each', () => {
  const object = `${folder}/wants.bpf.o`;
  writeFileSync(
    object,
    compileFixture(new URL('../../packages/runner/test/fixtures/relocations.bpf.c', import.meta.url)),
  );
  const kernel = compileFixture(
    new URL('../../packages/runner/test/fixtures/relocations-kernel.bpf.c', import.meta.url),
  );
  const old = `${folder}/old.btf`;
  writeFileSync(old, readElf(kernel).sections.find(({ name }) => name === '.BTF')?.bytes ?? '');
  const own = `${folder}/own.btf`;
  writeFileSync(own, readElf(readFileSync(object)).sections.find(({ name }) => name === '.BTF')?.bytes ?? '');

  const checked = ebpm('check', '--btf', old, '--btf', own, object);
  expect(checked.stdout).toMatch(/^ +old +own$/m);
  expect(checked.stdout).toMatch(/^CO-RE relocations +yes$/m);
  expect(checked.stdout).toMatch(/^NO {2}program "wants_field" +this kernel has no field task\.gone \(proved\)$/m);
  expect(checked.status).toBe(4);
  const { status, stdout } = ebpm('check', '--json', '--btf', own, object);
  const { verdict, findings, kernels } = JSON.parse(stdout);
  expect(validate(cliCheckKind, { verdict, findings, kernels })).toMatchObject({ ok: true });
  // Its own types have no types of programs, and no tracepoint.
  expect({ status, verdict, name: kernels[0].name }).toEqual({ status: 5, verdict: 'UNKNOWN', name: 'own' });
  expect(ebpm('check', '--btf', object, object)).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('code: EBPM_BTF_FILE_UNUSABLE'),
  });
});

it("ebpm build passes clang's messages on and ends with 1", () => {
  const { status, stderr, stdout } = ebpm('build', `${ROOT}test/e2e/fixtures/broken`, '--out', `${folder}/broken.json`);
  expect(stderr).toMatch(/broken\.bpf\.c:2:\d+: error: unknown type name 'nonsense'/);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
});

it('ebpm inspect and ebpm diff say what a package may do, and --json prints what their schemas say', () => {
  const other = `${folder}/lsm.json`;
  ebpm('build', `${ROOT}examples/lsm-deny-connect`, '--out', other);
  const inspected = ebpm('inspect', other, '--json');
  const result = JSON.parse(inspected.stdout);
  expect(validate(cliInspectKind, result)).toMatchObject({ ok: true });
  expect(validate(packageFactsKind, result.facts)).toMatchObject({ ok: true });
  expect(ebpm('inspect', other).stdout).toMatch(
    /^denies operations \(denies-operations\)\n {2}deny_connect: type lsm_mac/m,
  );

  const compared = ebpm('diff', file, other, '--json');
  expect(validate(cliDiffKind, JSON.parse(compared.stdout))).toMatchObject({
    ok: true,
    value: {
      before: { spec: file, from: 'file' },
      after: { spec: other, from: 'file', digest: result.inspected.digest },
    },
  });
  expect(ebpm('diff', file, other).stdout).toMatch(/^\+ class denies-operations$/m);
  const same = ebpm('diff', file, file);
  expect(same.status).toBe(0);
  expect(same.stdout).toMatch(
    /^--- (.*) \(file\), (sha256:[0-9a-f]{64})\n\+\+\+ \1 \(file\), \2\nBoth are the same bytes\n$/,
  );
});

it('ebpm inspect refuses what is no package, with the reason', () => {
  const { status, stdout, stderr } = ebpm('inspect', `${ROOT}README.md`);
  expect(stderr).toContain('README.md');
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
});
