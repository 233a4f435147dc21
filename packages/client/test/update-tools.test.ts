import { parseSpec } from '@ebpm/formats';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findOutdatedNeeds } from '../src/find-outdated-tools.js';
import { globalTools } from '../src/global-tools.js';
import { Http } from '../src/http.js';
import { type InstallOptions, installPackage, type RegistryAccess } from '../src/install-package.js';
import { Installed, type InstalledVersion, type NamedSpec } from '../src/installed.js';
import { keptNeeds } from '../src/needs/kept-needs.js';
import { RegistryClient } from '../src/registry-client.js';
import { type ToolUpdates, updateTools } from '../src/update-tools.js';
import { refused } from './refused.js';
import { RegistryDouble } from './registry-double.js';
import { type SampleOptions, samplePackage } from './sample-package.js';
import { temporaryHome } from './temporary-home.js';

let registry: RegistryDouble;
let elsewhere: RegistryDouble;
let http: Http;
let home: string;

beforeEach(async () => {
  registry = await new RegistryDouble().open();
  elsewhere = await new RegistryDouble().open();
  http = new Http({ userAgent: 'ebpm/test' });
  home = temporaryHome();
});
afterEach(async () => {
  await http.close();
  await registry.close();
  await elsewhere.close();
});

function options(url = registry.url): InstallOptions {
  const access: RegistryAccess = {
    registryFor: () => new RegistryClient(http, url),
    registryAt: (other) => new RegistryClient(http, other),
  };
  return {
    home,
    withRegistries: (use) => use(access),
    machine: { arch: 'x86_64' },
    ebpmVersion: '0.1.0',
    now: () => new Date('2026-03-04T05:06:07Z'),
  };
}

const install = (text: string, url?: string) => installPackage(parseSpec(text) as NamedSpec, options(url));

async function update(): Promise<ToolUpdates> {
  const registryOf = (known: Pick<InstalledVersion, 'registry'>, { registryAt }: RegistryAccess) =>
    registryAt(known.registry);
  return updateTools(await globalTools(home), { ...options(), registryOf });
}

async function needsOf(name: string, version = '1.0.0'): Promise<Readonly<Record<string, string>>> {
  const found = await new Installed(home).version(name, version);
  const packages = (found && keptNeeds(found)?.packages) ?? {};
  return Object.fromEntries(Object.entries(packages).map(([need, one]) => [need, one.version]));
}

const lib = (version: string) => samplePackage({ name: 'lib', version });
const needsLib = (name: string, range: string, more: SampleOptions = {}) =>
  samplePackage({ name, ...more, manifest: { dependencies: { lib: range } } });

describe('updateTools()', () => {
  test('updateTools() renews what a tool depends on while the tool stays, as far as the tool allows it', async () => {
    registry.add(lib('1.0.0')).add(needsLib('one', '^1.0.0')).add(needsLib('two', '~1.0.0'));
    await install('one');
    await install('two');
    for (const version of ['1.0.1', '1.1.0', '2.0.0']) registry.add(lib(version));
    const outdated = await findOutdatedNeeds(await globalTools(home), (url) => new RegistryClient(http, url));
    expect(outdated.map(({ neededBy, name, current, wanted }) => [neededBy, name, current, wanted])).toEqual([
      ['one@1.0.0', 'lib', '1.0.0', '1.1.0'],
      ['two@1.0.0', 'lib', '1.0.0', '1.0.1'],
    ]);
    const { updated } = await update();
    expect(updated.map(({ before, after }) => [before.version, after.version])).toEqual([
      ['1.0.0', '1.0.0'],
      ['1.0.0', '1.0.0'],
    ]);
    expect([await needsOf('one'), await needsOf('two')]).toEqual([{ lib: '1.1.0' }, { lib: '1.0.1' }]);
    const here = new Installed(home);
    expect(await here.versionNumbers('lib')).toEqual(['1.1.0', '1.0.1', '1.0.0']);
    expect(await here.version('one', '1.0.0')).toMatchObject({
      tag: 'latest',
      digest: needsLib('one', '^1.0.0').digest,
    });
    const [again] = (await update()).updated;
    expect(again?.after).toEqual(again?.before);
  });

  test('updateTools() renews it of a newer version that was installed before, too', async () => {
    registry.add(lib('1.0.0')).add(needsLib('one', '^1.0.0'));
    await install('one');
    registry.add(needsLib('one', '^1.0.0', { version: '1.1.0' }));
    const { withRegistries, ...rest } = options();
    await installPackage(parseSpec('one@1.1.0') as NamedSpec, { ...rest, withRegistries, keepCurrent: true });
    registry.add(lib('1.1.0'));
    await update();
    expect(await needsOf('one', '1.1.0')).toEqual({ lib: '1.1.0' });
  });

  test('updateTools() lets a tool that only another one needs go by what was chosen for that one, and leaves one that somebody asked for', async () => {
    registry.add(lib('1.0.0')).add(needsLib('tool', '^1.0.0'));
    registry.add(samplePackage({ name: 'app', manifest: { dependencies: { tool: '^1.0.0' } } }));
    await install('app');
    registry.add(lib('1.1.0'));
    await update();
    expect([await needsOf('app'), await needsOf('tool')]).toEqual([{ lib: '1.1.0', tool: '1.0.0' }, { lib: '1.1.0' }]);
    await install('tool@1.0.0');
    registry.add(lib('1.2.0'));
    const registryOf: Parameters<typeof updateTools>[1]['registryOf'] = (known, access) =>
      access.registryAt(known.registry);
    const app = (await globalTools(home)).filter(({ name }) => name === 'app');
    await updateTools(app, { ...options(), registryOf });
    expect([await needsOf('app'), await needsOf('tool')]).toEqual([{ lib: '1.2.0', tool: '1.0.0' }, { lib: '1.1.0' }]);
  });

  test('updateTools() asks for what a tool depends on where that came from', async () => {
    elsewhere.add(lib('1.0.0')).add(needsLib('one', '^1.0.0'));
    await install('one', elsewhere.url);
    elsewhere.add(lib('1.1.0'));
    registry.add(lib('1.9.0'));
    await update();
    expect(await needsOf('one')).toEqual({ lib: '1.1.0' });
    expect(registry.asked).toEqual([]);
  });

  test('updateTools() leaves a tool as it is where what it depends on cannot be had', async () => {
    registry.add(lib('1.0.0')).add(needsLib('one', '^1.0.0'));
    await install('one');
    const newer = lib('1.1.0');
    registry.add(newer);
    registry.swap(newer.digest, lib('1.2.0').archive);
    const { updated, failed } = await update();
    expect(failed).toMatchObject([{ tool: { name: 'one', version: '1.0.0' }, error: refused('EBPM_DIGEST_MISMATCH') }]);
    expect(updated.map(({ before, after }) => before === after)).toEqual([true]);
    expect(await needsOf('one')).toEqual({ lib: '1.0.0' });
    expect(await new Installed(home).versionNumbers('lib')).toEqual(['1.0.0']);
  });

  test('updateTools() updates the others where one tool, or what one depends on, cannot be had', async () => {
    elsewhere.add(needsLib('away', '^1.0.0')).add(lib('1.0.0'));
    await install('away', elsewhere.url);
    registry.add(samplePackage({ name: 'base' }));
    registry.add(samplePackage({ name: 'bad', manifest: { dependencies: { base: '^1.0.0' } } }));
    registry.add(samplePackage({ name: 'half', manifest: { dependencies: { base: '^1.0.0' } } }));
    registry.add(samplePackage({ name: 'last' }));
    for (const name of ['bad', 'half', 'last']) await install(name);
    await elsewhere.close();
    const half = samplePackage({ name: 'half', version: '1.1.0', manifest: { dependencies: { base: '^1.0.0' } } });
    registry.add(half);
    const { withRegistries, ...rest } = options();
    await installPackage(parseSpec('half@1.1.0') as NamedSpec, { ...rest, withRegistries, keepCurrent: true });
    const base = samplePackage({ name: 'base', version: '1.1.0' });
    registry.add(base).add(samplePackage({ name: 'last', version: '1.1.0' }));
    registry.swap(base.digest, lib('1.2.0').archive);
    const { updated, failed } = await update();
    expect(failed.map(({ tool, error }) => `${tool.name}@${tool.version} ${error.code}`)).toEqual([
      'away@1.0.0 EBPM_REGISTRY_UNREACHABLE',
      'bad@1.0.0 EBPM_DIGEST_MISMATCH',
      'half@1.1.0 EBPM_DIGEST_MISMATCH',
    ]);
    expect(updated.map(({ before, after }) => `${before.name} ${before.version} ${after.version}`)).toEqual([
      'away 1.0.0 1.0.0',
      'bad 1.0.0 1.0.0',
      'half 1.0.0 1.1.0',
      'last 1.0.0 1.1.0',
    ]);
  });

  test('updateTools() ends with what is no refusal but a bug', async () => {
    registry.add(samplePackage({ name: 'one' }));
    await install('one');
    const registryOf = () => {
      throw new TypeError('a bug');
    };
    await expect(updateTools(await globalTools(home), { ...options(), registryOf })).rejects.toThrow(TypeError);
  });
});
