import { spawn } from 'node:child_process';
import { hkdfSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { Installed, knownRevocations, LogPins } from '@ebpm/client';
import { logOrigin, noteSigner, signRevocations } from '@ebpm/formats';
import { processMark } from '@ebpm/loader';
import { cliInstallKind, cliPsKind, cliTrustRefreshKind, validate } from '@ebpm/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeRunsFolder, runsFolder } from '../../packages/cli/src/background/runs-folder.js';
import { createContext } from '../../packages/cli/src/context.js';
import { refuseRevoked } from '../../packages/cli/src/run-revocations.js';
import { listen, stop } from '../../packages/client/test/loopback-server.js';
import { EBPM } from '../kernels/installation.js';
import { recordText } from './installed-version.js';
import { openWorld, type World } from './open-world.js';
import type { CommandResult } from './registry-process.js';
import { runEbpm } from './run-ebpm.js';

let world: World;
let home: string;
let env: Record<string, string>;
/** What the record of the installed version says. */
let record: { digest: string; registry: string };

beforeAll(async () => {
  world = await openWorld();
  home = world.newHome();
  env = { EBPM_HOME: home, EBPM_REGISTRY: world.registry.url, EBPM_TOKEN: world.token };
  await runEbpm(['publish', world.newProject()], { env });
  const { stdout } = await runEbpm(['install', 'tiny', '--json'], { env });
  expect(validate(cliInstallKind, JSON.parse(stdout)).ok).toBe(true);
  record = JSON.parse(recordText(home, 'tiny@1.0.0'));
});
afterAll(() => world.close());

const listPath = () =>
  join(home, 'trust', readdirSync(join(home, 'trust')).find((name) => name.endsWith('.revoked.json')) ?? '');

/** Changes when the registry was asked last, and the list that came. */
function changeSaved(changes: object): void {
  writeFileSync(listPath(), JSON.stringify({ ...JSON.parse(readFileSync(listPath(), 'utf8')), ...changes }));
}

/** What a run starts beside itself; gives how it ended and how long that took, in milliseconds. */
async function refresh(url: string, word: string): Promise<{ code: number | null; tookMs: number }> {
  const startedMs = Date.now();
  const child = spawn(process.execPath, [EBPM, 'internal:refresh-revocations', url], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  child.stdin.end(word);
  const [code] = await once(child, 'close');
  return { code, tookMs: Date.now() - startedMs };
}

/** A list without anything in it, which the registry would have signed some days ago. */
async function oldList(days: number): Promise<string> {
  const list = (await known())?.list;
  if (list === undefined) throw new Error('there is no list');
  const secret = Buffer.from(readFileSync(world.place.keyFile, 'utf8').trim(), 'hex');
  const seed = new Uint8Array(hkdfSync('sha256', secret, '', 'ebpm-registry log', 32));
  const time = new Date(Date.now() - days * 86_400_000).toISOString();
  return signRevocations({ ...list, time, digests: new Set() }, noteSigner(logOrigin(list.registry), seed));
}

/** What ebpm ps says while a run of this process is written down. */
async function psOf(about: object): Promise<CommandResult & { readonly id: string }> {
  const id = randomBytes(4).toString('hex');
  const own = { ...env, XDG_RUNTIME_DIR: world.folder };
  const folder = join(runsFolder(own), id);
  makeRunsFolder(runsFolder(own));
  mkdirSync(folder, { mode: 0o700 });
  try {
    const run = { id, number: '1', package: 'tiny', args: [], startedAtMs: 0, process: processMark() };
    writeFileSync(join(folder, 'run.json'), JSON.stringify({ ...run, ...about }), { mode: 0o600 });
    return { ...(await runEbpm(['ps', '--json'], { env: own })), id };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const known = () => knownRevocations(home, world.registry.url);

describe('revocations', () => {
  it('ebpm run says how old the last list is when that is more than a week', async () => {
    for (const [days, said] of [
      [9, 'was heard last 9 days ago'],
      [6, undefined],
    ] as const) {
      changeSaved({ note: await oldList(days) });
      const { stderr } = await runEbpm(['run', '--duration', '1ms', 'tiny'], { env });
      expect(/was heard last .*/.exec(stderr)?.[0]).toBe(said);
    }
  });

  it('ebpm says once how old a list is, whatever it is asked for of one registry, and a tool that a module starts does not', async () => {
    const saved = JSON.parse(readFileSync(listPath(), 'utf8'));
    changeSaved({ note: await oldList(9) });
    const texts: string[] = [];
    const output = { write: (text: string | Uint8Array) => texts.push(String(text)) };
    const context = { ...createContext({ EBPM_HOME: home }), stderr: output };
    const version = await new Installed(home).version('tiny', '1.0.0');
    if (version === undefined) throw new Error('it is not installed');
    await refuseRevoked(context, version, { isTool: true });
    expect(texts).toEqual([]);
    // As for the tools of a module, whose context is made from that of the run.
    for (const one of [context, { ...context, isOffline: true }, context]) await refuseRevoked(one, version);
    expect(texts).toEqual([`What ${record.registry} has revoked was heard last 9 days ago\n`]);
    changeSaved(saved);
  });

  it('ebpm install has them from the registry, and what a run starts asks again, once the run says so, and once an hour', async () => {
    const first = await known();
    expect(first?.list?.digests).toEqual(new Set());
    await world.takeDown('tiny', '1.0.0');
    expect((await refresh(world.registry.url, 'begin\n')).code).toBe(0);
    expect((await known())?.list?.digests).toEqual(new Set());
    changeSaved({ askedAtMs: 0 });
    expect((await refresh(world.registry.url, '')).code).toBe(0);
    expect((await known())?.list?.digests).toEqual(new Set());
    expect((await refresh(world.registry.url, 'begin\n')).code).toBe(0);
    expect((await known())?.list?.digests).toEqual(new Set([record.digest]));
  });

  it('ebpm trust refresh asks at once', async () => {
    const { stdout } = await runEbpm(['trust', 'refresh', '--json'], { env });
    const checked = validate(cliTrustRefreshKind, JSON.parse(stdout));
    expect(checked.ok && checked.value.registries).toMatchObject([{ registry: record.registry, keys: 0, packages: 1 }]);
    expect((await runEbpm(['trust', 'refresh'], { env })).stdout).toBe(
      `${record.registry}: 0 keys revoked, 1 version or package taken down\n`,
    );
  });

  it('ebpm run refuses by a policy what nobody signed, and what is revoked too long ago to be known', async () => {
    const cwd = join(world.folder, 'policies');
    mkdirSync(cwd);
    const saved = JSON.parse(readFileSync(listPath(), 'utf8'));
    // A list that has nothing in it, as of long ago.
    const old = await oldList(2);
    for (const [rule, said] of [
      [{ signatures: 'required' }, 'its publisher has not signed it'],
      [{ revocationsWithinHours: 24 }, 'was not heard of lately'],
    ] as const) {
      changeSaved({ note: old });
      writeFileSync(join(cwd, 'ebpm.policy.json'), JSON.stringify({ policy: 1, ...rule }));
      const { stderr } = await runEbpm(['run', '--duration', '1ms', 'tiny'], { env, cwd });
      expect(stderr).toContain('code: EBPM_POLICY_DENIES');
      expect(stderr).toContain(said);
    }
    changeSaved(saved);
  });

  it('ebpm run refuses what was taken down', async () => {
    expect((await runEbpm(['run', '--duration', '1ms', 'tiny'], { env })).stderr).toContain('code: EBPM_TAKEN_DOWN');
    expect((await runEbpm(['inspect', 'tiny'], { env })).exitCode).toBe(0);
  });

  it('ebpm install and ci refuse what is installed and was taken down, as run does', async () => {
    const cwd = world.newProject({ name: 'mine', dependencies: { tiny: '1.0.0' } });
    const needs = { lockfile: 1, requires: { tiny: '1.0.0' } };
    const packages = { tiny: { version: '1.0.0', digest: record.digest, registry: record.registry } };
    writeFileSync(join(cwd, 'ebpm.lock'), JSON.stringify({ ...needs, packages }));
    const run = await runEbpm(['run', 'tiny'], { env });
    const said = run.stderr.split('\n').find((line) => line.startsWith('error: '));
    for (const words of [
      ['install', '--global', 'tiny@1.0.0'],
      ['install', '--global', '--offline', 'tiny@1.0.0'],
      ['install'],
      ['ci'],
    ]) {
      const { exitCode, stdout, stderr } = await runEbpm(words, { env, cwd });
      expect({ words, exitCode, stdout }).toEqual({ words, exitCode: 1, stdout: '' });
      expect(stderr).toContain('code: EBPM_TAKEN_DOWN');
      expect(stderr).toContain(said);
    }
  });

  it('ebpm ps reports a tool of a running module that was revoked since', async () => {
    const { digest, registry } = record;
    const gone = { name: 'tiny', version: '1.0.0', digest, registry };
    const other = { ...gone, name: 'other', digest: `sha256:${'0'.repeat(64)}` };
    const { stdout, stderr, id } = await psOf({ installed: other, tools: [other, gone] });
    const checked = validate(cliPsKind, JSON.parse(stdout));
    expect(checked.ok && checked.value.runs.find((one) => one.id === id)).toMatchObject({
      revoked: expect.stringMatching(/^a tool of its module: Cannot use "tiny@1\.0\.0": .*taken it down/),
    });
    expect(stderr).toMatch(new RegExp(`^warning: ${id}: a tool of its module: .*ebpm stop ${id}$`, 'm'));
    const fine = await psOf({ installed: other, tools: [other] });
    expect(fine.stderr).not.toContain(fine.id);
  });

  it('ebpm ps reports what runs and was revoked since', async () => {
    const { digest, registry } = record;
    const installed = { name: 'tiny', version: '1.0.0', digest, registry };
    const { stdout, stderr, id } = await psOf({ installed });
    const checked = validate(cliPsKind, JSON.parse(stdout));
    const runs = checked.ok ? checked.value.runs : [];
    expect(runs.find((one) => one.id === id)).toMatchObject({ revoked: expect.stringContaining('tiny@1.0.0') });
    expect(stderr).toMatch(new RegExp(`^warning: ${id}: .*taken it down.*ebpm stop ${id}$`, 'm'));
  });

  it('a registry that does not answer holds nobody for more than 2 s, and is not asked again within an hour', async () => {
    const server = createServer(() => {});
    const url = `http://127.0.0.1:${await listen(server)}`;
    const pin = await new LogPins(home).read(world.registry.url);
    if (pin === undefined) throw new Error('the registry was not pinned');
    await new LogPins(home).write({ ...pin, url });
    const { code, tookMs } = await refresh(url, 'begin\n');
    expect(code).toBe(1);
    expect(tookMs).toBeGreaterThan(1_900);
    expect((await knownRevocations(home, url))?.askedAtMs).toBeGreaterThan(0);
    expect((await refresh(url, 'begin\n')).code).toBe(0);
    await stop(server);
    expect(existsSync(listPath())).toBe(true);
  });
});
