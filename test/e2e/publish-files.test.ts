import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cliPublishKind, validate } from '@ebpm/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foreignInputs } from '../kernels/foreign-inputs.js';
import { openWorld, type World } from './open-world.js';
import { runEbpm } from './run-ebpm.js';

const INPUTS = foreignInputs();

let world: World;
let env: Record<string, string>;

beforeAll(async () => {
  world = await openWorld();
  env = { EBPM_HOME: world.newHome(), EBPM_REGISTRY: world.registry.url, EBPM_TOKEN: world.token };
});
afterAll(() => world.close());

/** A file in a folder of its own, perhaps with another beside it; gives its path. */
function file(name: string, content: string | Uint8Array, beside: Readonly<Record<string, Uint8Array>> = {}): string {
  const folder = world.newHome();
  mkdirSync(folder);
  for (const [other, bytes] of Object.entries(beside)) writeFileSync(join(folder, other), bytes);
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

async function published(name: string, path: string, input?: string) {
  const words = ['publish', path, '--name', name, '--version', '1.0.0', '--json'];
  const { exitCode, stdout, stderr } = await runEbpm(words, { env, ...(input === undefined ? {} : { input }) });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  const checked = validate(cliPublishKind, JSON.parse(stdout));
  if (!checked.ok) throw new Error(stdout);
  return checked.value.files.map((one) => one.path);
}

describe('ebpm publish FILE', () => {
  it.each<[string, string, () => string, string, string]>([
    ['of 2022', 'of-2022', () => file('any', INPUTS.seed), 'package.json', 'killsnoop'],
    ['of early 2023', 'of-2023', () => file('any', INPUTS.mid), 'package.json', 'foreign_bpf'],
    [
      'of metadata and its object',
      'two',
      () => file('x.skel.json', INPUTS.skel, { 'x.bpf.o': INPUTS.object }),
      'package.json',
      'foreign_bpf',
    ],
    ['that is an object alone', 'object', () => file('any', INPUTS.object), 'object.bpf.o', 'object_bpf'],
    ['that is an archive', 'archive', () => file('any', INPUTS.tar({})), 'package.tar', 'core_kill_bpf'],
  ])('ebpm publish takes a file %s, which then runs by name', async (_what, name, path, entry, usage) => {
    expect(await published(name, path())).toEqual(['ebpm.json', entry].sort());
    const { exitCode, stdout } = await runEbpm(['run', name, '--help'], { env });
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: expect.stringMatching(new RegExp(`^Usage: ${usage} `, 'm')),
    });
  });

  it('ebpm publish takes a package from standard input', async () => {
    expect(await published('piped', '-', INPUTS.seed)).toEqual(['ebpm.json', 'package.json']);
  });

  it('ebpm publish refuses metadata without its object, and that of another object', async () => {
    const words = (path: string) => ['publish', path, '--name', 'half', '--version', '1.0.0'];
    const lone = await runEbpm(words(file('x.skel.json', INPUTS.skel)), { env });
    expect(lone).toMatchObject({ exitCode: 1, stdout: '', stderr: expect.stringContaining('EBPM_OBJECT_MISSING') });
    const other = file('x.skel.json', INPUTS.skel.replaceAll('"on_kill"', '"on_exec"'), { 'x.o': INPUTS.object });
    expect(await runEbpm(words(other), { env })).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('EBPM_PACKAGE_INCONSISTENT'),
    });
  });

  it('ebpm run says what to type when metadata comes from standard input', async () => {
    const { exitCode, stderr } = await runEbpm(['run', '-'], { env, input: INPUTS.skel });
    expect({ exitCode, lines: stderr.split('\n') }).toEqual({
      exitCode: 1,
      lines: [
        'error: Cannot use "-": it is metadata alone, and only a file has its object beside it',
        'hint: Save it as x.skel.json and its object as x.bpf.o in one folder, and name ./x.skel.json',
        'code: EBPM_OBJECT_MISSING',
        '',
      ],
    });
  });
});
