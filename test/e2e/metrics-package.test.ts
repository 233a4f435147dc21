import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cliInstallKind, cliListKind, cliUninstallKind, cliWhyKind, type Kind, validate } from '@ebpm/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorld, type World } from './open-world.js';
import type { CommandResult } from './registry-process.js';
import { runEbpm } from './run-ebpm.js';

/** What an exporter will read: a counter of the events of the tool that it names. */
const METRICS = {
  programs: [{ name: 'opens', metrics: { counters: [{ name: 'opens_total', labels: [{ name: 'comm' }] }] } }],
};

let world: World;

beforeAll(async () => {
  world = await openWorld();
  await publish('opens', '1.0.0');
  await publish('opens', '1.1.0');
  await publish('opens', '2.0.0');
  await publish('counts', '1.0.0', { metrics: METRICS, dependencies: { opens: '~1.0.0' } });
});
afterAll(() => world.close());

async function publish(name: string, version: string, more: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const folder = world.newProject({ name, version, ...more });
  const env = { EBPM_HOME: world.newHome(), EBPM_REGISTRY: world.registry.url, EBPM_TOKEN: world.token };
  const { exitCode, stderr } = await runEbpm(['publish', folder], { env });
  if (exitCode !== 0) throw new Error(stderr);
}

/** A folder of somebody, with a store of his own. */
class Place {
  readonly folder = join(world.newHome(), 'work');
  readonly #env = { EBPM_HOME: world.newHome(), EBPM_REGISTRY: world.registry.url };

  constructor(dependencies?: Readonly<Record<string, string>>) {
    mkdirSync(this.folder, { recursive: true });
    const manifest = { manifest: 1, name: 'mine', version: '1.0.0', dependencies };
    if (dependencies !== undefined) writeFileSync(join(this.folder, 'ebpm.json'), JSON.stringify(manifest));
  }

  run(...words: readonly string[]): Promise<CommandResult> {
    return runEbpm(words, { cwd: this.folder, env: this.#env });
  }

  async json<T>(kind: Kind<T>, ...words: readonly string[]): Promise<T> {
    const { stdout } = await this.run(...words, '--json');
    const checked = validate(kind, JSON.parse(stdout));
    if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
    return checked.value;
  }
}

describe('a package whose metrics need a tool', () => {
  it('ebpm install installs the tool in the version that it asks for, why tells who asks, uninstall and prune leave it', async () => {
    const place = new Place();
    expect((await place.json(cliInstallKind, 'install', 'counts')).packages).toMatchObject([
      { name: 'counts', version: '1.0.0', needs: ['opens@1.0.0'], current: true },
    ]);
    const { packages } = await place.json(cliListKind, 'list');
    expect(packages.map(({ name, version, asked, neededBy }) => ({ name, version, asked, neededBy }))).toEqual([
      { name: 'counts', version: '1.0.0', asked: true, neededBy: [] },
      { name: 'opens', version: '1.0.0', asked: false, neededBy: ['counts@1.0.0'] },
    ]);
    expect((await place.run('why', 'opens')).stdout).toBe('opens@1.0.0: counts asks for ~1.0.0\n');
    const uninstalled = await place.json(cliUninstallKind, 'uninstall', 'opens');
    expect(JSON.stringify(uninstalled)).toContain('"neededBy":["counts@1.0.0"]');
    expect((await place.run('prune')).stdout).toBe('There is nothing to remove\n');
    await place.run('uninstall', 'counts');
    expect((await place.run('prune')).stdout).toContain('opens@1.0.0\n');
  });

  it('ebpm ci brings both to another machine as they were locked, with the metrics that were published, also offline', async () => {
    const dependencies = { counts: '^1.0.0' };
    const [one, other] = [new Place(dependencies), new Place(dependencies)];
    await one.json(cliInstallKind, 'install');
    writeFileSync(join(other.folder, 'ebpm.lock'), readFileSync(join(one.folder, 'ebpm.lock')));
    const installed = await other.json(cliInstallKind, 'ci');
    expect(installed.packages.map(({ name, version }) => `${name}@${version}`)).toEqual([
      'counts@1.0.0',
      'opens@1.0.0',
    ]);
    expect(await other.run('ci', '--offline')).toMatchObject({ exitCode: 0 });
    expect(await other.json(cliWhyKind, 'why', 'opens')).toMatchObject({
      askers: [{ by: { name: 'counts', version: '1.0.0' }, range: '~1.0.0', chain: ['counts'] }],
    });
    const info = await fetch(`${world.registry.url}/api/v1/packages/counts/versions/1.0.0`);
    expect(await info.json()).toMatchObject({ manifest: { metrics: METRICS } });
  });

  it('ebpm install explains who asks for what when a project wants another version of the tool', async () => {
    const { exitCode, stderr } = await new Place({ counts: '^1.0.0', opens: '^2.0.0' }).run('install');
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      '\n  you ask for counts ^1.0.0\n  counts 1.0.0 asks for opens ~1.0.0\n  you ask for opens ^2.0.0\nhint: ',
    );
  });
});
