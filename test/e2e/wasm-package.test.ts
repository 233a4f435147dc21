import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cliCheckKind, cliInspectKind, cliListKind, validate } from '@ebpm/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wasmModule } from '../support/wasm-module.js';
import { openWorld, type World } from './open-world.js';
import { runEbpm } from './run-ebpm.js';

const ALLOW = '--allow=sees-packet-payload';
let world: World;
let project: string;
let env: Record<string, string>;

const KERNEL_HALF = `#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
const volatile int limit = 3;
SEC("tracepoint/sched/sched_process_exec") int on_exec(void *ctx) { return limit; }
SEC("?xdp") int on_packet(struct xdp_md *ctx) { return XDP_PASS; }
char LICENSE[] SEC("license") = "GPL";
`;

/** Without arguments it loads its object; with them it only tells them. */
const GUEST = `#include <stdio.h>
#include "said.skel.h"
int main(int argc, char **argv) {
  struct said_skel skel;
  for (int i = 1; i < argc; i++) printf("said %s\\n", argv[i]);
  return argc > 1 ? 3 : said__load(&skel) == 0;
}
`;

beforeAll(async () => {
  world = await openWorld();
  env = { EBPM_HOME: world.newHome(), EBPM_REGISTRY: world.registry.url, EBPM_TOKEN: world.token };
  project = join(world.folder, 'said');
  mkdirSync(project);
  const entry = [{ file: 'app.wasm', when: { features: ['wasm'] } }, { file: 'package.json' }];
  const manifest = { manifest: 1, name: 'said', version: '1.0.0', description: 'Says what it is told', entry };
  writeFileSync(join(project, 'ebpm.json'), JSON.stringify(manifest));
  writeFileSync(join(project, 'said.bpf.c'), KERNEL_HALF);
  writeFileSync(join(project, 'app.c'), GUEST);
  expect(await runEbpm(['build', project], { env })).toMatchObject({ exitCode: 0 });
});
afterAll(() => world.close());

describe('a WASM package, from its sources to another home', () => {
  it('ebpm run wants somebody to agree to what its objects may do, whether its process was started early or not', async () => {
    for (const spec of [project, join(project, 'dist/app.wasm')]) {
      const { exitCode, stdout, stderr } = await runEbpm(['run', spec, 'a'], { env });
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
      expect(stderr).toContain(`ebpm run --allow=sees-packet-payload ${spec}`);
      expect(stderr).toContain('code: EBPM_PERMISSIONS_UNAPPROVED');
    }
  });

  it('ebpm run runs what a project was built into, by the first entry that is for this ebpm, and ends with its exit code', async () => {
    const { exitCode, stdout } = await runEbpm(['run', ALLOW, project, 'a', 'b'], { env });
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: 'said a\nsaid b\n' });
    const file = await runEbpm(['run', ALLOW, join(project, 'dist/app.wasm'), 'a'], { env });
    expect(file).toMatchObject({ exitCode: 3, stdout: 'said a\n' });
  });

  it('ebpm publish, install and run take it by its name, and --entry another of its files', async () => {
    expect(await runEbpm(['publish', project], { env })).toMatchObject({ exitCode: 0 });
    const other = { ...env, EBPM_HOME: world.newHome() };
    expect(await runEbpm(['install', 'said'], { env: other })).toMatchObject({ exitCode: 0 });
    const list = validate(cliListKind, JSON.parse((await runEbpm(['list', '--json'], { env: other })).stdout));
    expect(list).toMatchObject({ ok: true });
    const run = await runEbpm(['run', ALLOW, 'said', 'c'], { env: other });
    expect({ exitCode: run.exitCode, stdout: run.stdout }).toEqual({ exitCode: 3, stdout: 'said c\n' });
    const help = await runEbpm(['run', '--entry', 'package.json', 'said', '--help'], { env: other });
    expect(help).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('--limit') });
    const missing = await runEbpm(['run', '--entry', 'nothing.wasm', 'said'], { env: other });
    expect(missing).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('EBPM_VARIANT_MISSING') });
  });

  it('ebpm publish takes a module that is no project, under a name and a version', async () => {
    const named = ['--name', 'alone', '--version', '1.0.0'];
    expect(await runEbpm(['publish', join(project, 'dist/app.wasm'), ...named], { env })).toMatchObject({
      exitCode: 0,
    });
    const run = await runEbpm(['run', ALLOW, 'alone', 'd'], { env });
    expect(run).toMatchObject({ exitCode: 3, stdout: 'said d\n' });
  });

  it('ebpm inspect and check look at the objects that it carries', async () => {
    const { stdout } = await runEbpm(['inspect', 'said', '--json'], { env });
    const inspected = validate(cliInspectKind, JSON.parse(stdout));
    expect(inspected).toMatchObject({ ok: true });
    expect(stdout).toContain('"sched/sched_process_exec"');
    const checked = await runEbpm(['check', 'said'], { env });
    expect(checked.stdout).toContain('on_exec');
  });
});

describe('ebpm inspect and check --entry', () => {
  const filesOf = (stdout: string) => JSON.parse(stdout).facts.objects.map(({ file }: { file: string }) => file);

  it.each(['said', 'the project'])('look at another entry of %s than the first for this machine', async (what) => {
    const spec = what === 'said' ? what : project;
    const files = async (...flags: readonly string[]) =>
      filesOf((await runEbpm(['inspect', '--json', ...flags, spec], { env })).stdout);
    expect(await files()).toEqual(['app.wasm']);
    expect(await files('--entry', 'package.json')).toEqual(['package.json']);
    const eventType = ['--event-type', 'nosuch=nosuch'];
    const checked = await runEbpm(['check', '--json', '--entry', 'package.json', ...eventType, spec], { env });
    // Only a package without a module has maps that this could be about.
    expect(checked).toMatchObject({ exitCode: 2, stdout: expect.stringContaining('EBPM_EVENT_TYPE_UNKNOWN') });
    expect((await runEbpm(['check', ...eventType, spec], { env })).exitCode).not.toBe(2);
  });

  it.each(['inspect', 'check'])('%s refuses an entry that is not there, and one of a file', async (command) => {
    const missing = await runEbpm([command, '--entry', 'nothing.wasm', 'said'], { env });
    expect(missing).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('EBPM_VARIANT_MISSING') });
    const file = await runEbpm([command, '--entry', 'app.wasm', join(project, 'dist/app.wasm')], { env });
    expect(file).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('Cannot use --entry with') });
  });
});

describe('a module that wants of its host what ebpm does not have', () => {
  const functions = [{ type: 0, code: [] }];
  it.each([
    ['nosuch', 'it imports wasm_bpf.nosuch, which ebpm does not give to guests'],
    ['wasm_close_bpf_object', 'it imports wasm_bpf.wasm_close_bpf_object as () -> nothing, and it is (i64) -> i32'],
  ])('run, check, inspect and publish all refuse %s', async (name, reason) => {
    const path = join(world.folder, `${name}.wasm`);
    const imports = [{ module: 'wasm_bpf', name, type: 0 }];
    const exports = { _start: 1, memory: 'memory' } as const;
    writeFileSync(path, wasmModule({ types: [':'], imports, functions, memory: { pages: 1 }, exports }));

    const run = await runEbpm(['run', path], { env });
    expect(run).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(reason) });
    expect(run.stderr).toContain('code: EBPM_WASM_INVALID');

    const checked = await runEbpm(['check', '--json', path], { env });
    expect(checked.exitCode).toBe(4);
    const finding = { code: 'wasm_module', outcome: 'missing', reason: `${reason}: EBPM_WASM_INVALID` };
    expect(validate(cliCheckKind, JSON.parse(checked.stdout))).toMatchObject({
      ok: true,
      value: { verdict: 'WILL NOT RUN', findings: [finding] },
    });
    const text = await runEbpm(['check', path], { env });
    expect(text.stdout).toMatch(/^NO {2}module {2}it imports .*\n(.*\n)+WILL NOT RUN\n$/);

    const inspected = await runEbpm(['inspect', '--json', path], { env });
    expect(validate(cliInspectKind, JSON.parse(inspected.stdout))).toMatchObject({
      ok: true,
      value: { refused: { code: 'EBPM_WASM_INVALID', reason } },
    });
    expect((await runEbpm(['inspect', path], { env })).stdout).toContain(
      `ebpm run refuses it: ${reason} (EBPM_WASM_INVALID)\n`,
    );

    const published = await runEbpm(['publish', path, '--name', 'refused', '--version', '1.0.0'], { env });
    expect(published).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining(`Cannot publish "${path}": ${reason}`),
    });
    expect(published.stderr).toContain('code: EBPM_PACKAGE_INVALID');
  });
});
