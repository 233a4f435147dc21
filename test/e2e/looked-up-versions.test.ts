import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cliDiffKind, cliInspectKind, type Kind, validate } from '@ebpm/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageOf } from '../../packages/client/test/tiny-package.js';
import { openWorld, type World } from './open-world.js';
import { runEbpm } from './run-ebpm.js';

/** A program that does what the tiny one does not. */
const SENDS_SIGNALS = `static long (*send_signal)(unsigned int) = (void *)109;
__attribute__((section("tracepoint/syscalls/sys_enter_kill"), used)) int on_kill(void *ctx)
{
	return send_signal(9);
}
char LICENSE[] __attribute__((section("license"), used)) = "GPL";
`;

let world: World;
let env: Record<string, string>;
let cwd: string;

beforeAll(async () => {
  world = await openWorld();
  env = { EBPM_HOME: world.newHome(), EBPM_REGISTRY: world.registry.url, EBPM_TOKEN: world.token };
  cwd = world.folder;
  await publish('1.0.0');
  await run('install', 'tiny@1.0.0');
  await publish('1.1.0', sendsSignals());
});
afterAll(() => world.close());

const run = (...words: readonly string[]) => runEbpm(words, { env, cwd });

async function json<T>(kind: Kind<T>, ...words: readonly string[]): Promise<T> {
  const { stdout, stderr } = await run(...words, '--json');
  const checked = validate(kind, JSON.parse(stdout));
  if (!checked.ok) throw new Error(`${JSON.stringify(checked.problems)} in ${stdout}${stderr}`);
  return checked.value;
}

async function publish(version: string, entry?: Uint8Array): Promise<void> {
  const folder = world.newProject({ version });
  if (entry !== undefined) writeFileSync(join(folder, 'dist/package.json'), entry);
  expect(await run('publish', folder)).toMatchObject({ exitCode: 0 });
}

function sendsSignals(): Uint8Array {
  const [source, object] = [join(world.folder, 'sends.bpf.c'), join(world.folder, 'sends.bpf.o')];
  writeFileSync(source, SENDS_SIGNALS);
  execFileSync('clang', ['-g', '-O2', '-target', 'bpf', '-c', source, '-o', object]);
  return packageOf(readFileSync(object));
}

const ADDED = [{ kind: 'class', what: 'sends-signals', change: 'added' }];

describe('versions that are looked up', () => {
  it.each(['tiny@^1', 'tiny@latest'])(
    'ebpm diff compares what is installed with the %s of the registry',
    async (spec) => {
      const { before, after, changes } = await json(cliDiffKind, 'diff', 'tiny@1.0.0', spec);
      expect(changes).toEqual(expect.arrayContaining(ADDED));
      expect(before).toMatchObject({ spec: 'tiny@1.0.0', from: 'installed', name: 'tiny', version: '1.0.0' });
      expect(after).toMatchObject({ spec, from: 'registry', version: '1.1.0', registry: world.registry.url });
      expect(before.digest).not.toBe(after.digest);
      const { stdout } = await run('diff', 'tiny@1.0.0', spec);
      expect(stdout.split('\n')).toEqual(
        expect.arrayContaining([
          `--- tiny@1.0.0 (installed), ${before.digest}`,
          `+++ tiny@1.1.0 (registry ${world.registry.url}), ${after.digest}`,
          '+ class sends-signals',
        ]),
      );
    },
  );

  it('ebpm inspect, check and run of a tag ask the registry, those of a bare name what is installed', async () => {
    const bare = await json(cliInspectKind, 'inspect', 'tiny');
    expect(bare.inspected).toMatchObject({ from: 'installed', version: '1.0.0' });
    await publish('1.2.0', sendsSignals());
    const found = await json(cliInspectKind, 'inspect', 'tiny@^1');
    expect(found.inspected).toMatchObject({ from: 'registry', version: '1.2.0' });
    expect((await run('inspect', 'tiny@latest')).stdout).toMatch(/^tiny@1\.2\.0 \(registry .*\), sha256:.*\n\n/);
    // What is run is what is agreed to: 1.0.0 asks for nothing.
    expect((await run('run', '--detach', 'tiny@latest')).stderr).toContain('Cannot run "tiny@1.2.0"');
    await publish('1.3.0');
    expect((await run('run', 'tiny@latest', '--version')).exitCode).toBe(0);
    expect((await run('list')).stdout).toMatch(/^tiny\t1\.3\.0\t\t/m);
    expect((await run('list')).stdout).toMatch(/^tiny\t1\.0\.0\t\*\t/m);
    await publish('1.4.0');
    await run('check', 'tiny@latest');
    expect((await run('list')).stdout).not.toContain('1.4.0');
  });

  it('ebpm run and check of a range take what is installed and in it', async () => {
    await publish('1.5.0');
    for (const command of ['run', 'check']) await run(command, 'tiny@^1', ...(command === 'run' ? ['--version'] : []));
    expect((await run('list')).stdout).not.toContain('1.5.0');
  });

  it('ebpm diff and inspect --offline take what is installed, and an exact version asks nobody', async () => {
    const { before, after } = await json(cliDiffKind, 'diff', '--offline', 'tiny@1.0.0', 'tiny@^1');
    expect([before, after].map(({ from, version }) => `${from} ${version}`)).toEqual([
      'installed 1.0.0',
      'installed 1.3.0',
    ]);
    const nowhere = { ...env, EBPM_REGISTRY: 'http://127.0.0.1:1' };
    const exact = await runEbpm(['inspect', 'tiny@1.0.0'], { env: nowhere, cwd });
    expect(exact).toMatchObject({ exitCode: 0, stderr: '' });
    for (const command of ['inspect', 'run', 'check']) {
      const { stderr } = await runEbpm([command, 'tiny@latest'], { env: nowhere, cwd });
      expect(stderr).toContain('code: EBPM_REGISTRY_UNREACHABLE');
    }
  });
});
