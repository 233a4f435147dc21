import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { digestOf } from '@ebpm/formats';
import { FACTS_VERSION, PERMISSIONS_VERSION } from '@ebpm/object';
import { approvalFileKind, cliInstallKind, lockfileKind, validate } from '@ebpm/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EBPM } from '../kernels/installation.js';
import { temporaryFolder } from '../kernels/temporary-folder.js';
import { compileFixture } from '../support/compile-fixture.js';
import { onTerminal } from './on-terminal.js';
import { openWorld, type World } from './open-world.js';
import { runEbpm } from './run-ebpm.js';

const CLASSES = ['sees-packet-payload', 'sends-signals'];
const UNAPPROVED = 'code: EBPM_PERMISSIONS_UNAPPROVED';
/** Nobody names an interface to attach to, or nobody may load programs: either way it was agreed to. */
const AGREED = /code: (EBPM_TARGET_MISSING|EBPM_NOT_PERMITTED|EBPM_ATTACH_FAILED|EBPM_LOAD_FAILED)/;

const OBJECT = compileFixture(new URL('fixtures/asks.bpf.c', import.meta.url));
const folder = temporaryFolder('consent');
const path = join(folder, 'asks.bpf.o');
writeFileSync(path, OBJECT);
chmodSync(folder, 0o755);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A machine's /etc that is not this one's: its processes see it in its place. */
const etc = join(folder, 'etc');
mkdirSync(join(etc, 'ebpm'), { recursive: true });
for (const name of ['passwd', 'group']) copyFileSync(join('/etc', name), join(etc, name));
const machine = (words: readonly string[]) => [
  '--mount',
  'sh',
  '-c',
  `mount --bind ${etc} /etc && exec "$@"`,
  'sh',
  process.execPath,
  EBPM,
  ...words,
];
const CAN_HIDE_ETC = process.geteuid?.() === 0 && spawnSync('unshare', machine(['--version'])).status === 0;

let made = 0;

/** The environment of somebody who has answered nothing yet. */
function newPerson(): { readonly HOME: string; readonly EBPM_HOME: string } {
  const home = join(folder, `home-${made++}`);
  mkdirSync(home);
  return { HOME: home, EBPM_HOME: join(home, 'ebpm') };
}

function approvals({ EBPM_HOME }: { readonly EBPM_HOME: string }): readonly string[] {
  const place = join(EBPM_HOME, 'approvals');
  return existsSync(place) ? readdirSync(place).map((name) => join(place, name)) : [];
}

/** A folder with a policy of a project. */
function project(policy: unknown): string {
  const place = join(folder, `project-${made++}`);
  mkdirSync(place);
  writeFileSync(join(place, 'ebpm.policy.json'), JSON.stringify(policy));
  return place;
}

describe('ebpm run, without a terminal', () => {
  it('ebpm run refuses what nobody has agreed to, says why, and what to type', async () => {
    const env = newPerson();
    const { exitCode, stdout, stderr } = await runEbpm(['run', path], { env });
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain('  sends signals to processes (sends-signals)\n    on_sample: helper bpf_send_signal\n');
    expect(stderr).toContain(`hint: If you agree, type: ebpm run --allow=${CLASSES.join(',')} ${path}\n`);
    expect(stderr).toContain(UNAPPROVED);
    expect(approvals(env)).toEqual([]);
  });

  it('ebpm run refuses what comes from stdin as it does a file', async () => {
    const { exitCode, stderr } = await runEbpm(['run', '-'], { env: newPerson(), input: OBJECT });
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining(UNAPPROVED) });
  });

  it('ebpm run asks for what --allow leaves out', async () => {
    const { exitCode, stderr } = await runEbpm(['run', '--allow=sends-signals', path], { env: newPerson() });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('--allow=sees-packet-payload ');
    expect(stderr).not.toContain('on_sample');
  });

  it.each([
    [[`--allow=${CLASSES.join(',')}`]],
    [['--allow', CLASSES.join(','), '--json']],
    [['--json', ...CLASSES.map((name) => `--allow=${name}`)]],
  ])('ebpm run %j goes on, and remembers nothing', async (flags) => {
    const env = newPerson();
    expect((await runEbpm(['run', ...flags, path], { env })).stderr).toMatch(AGREED);
    expect(approvals(env)).toEqual([]);
    expect((await runEbpm(['run', path], { env })).stderr).toContain(UNAPPROVED);
  });

  it.each([[['--allow=all']], [['--allow=*']], [['--allow=']], [['--json', '--allow=sees-file-paths']]])(
    'ebpm run %j is wrong usage: each class has a name',
    async (flags) => {
      const { exitCode, stderr } = await runEbpm(['run', ...flags, path], { env: newPerson() });
      expect(exitCode).toBe(2);
      expect(stderr).toContain('code: EBPM_USAGE_INVALID');
    },
  );

  it('ebpm run --help after the package asks for nothing', async () => {
    expect(await runEbpm(['run', path, '--help'], { env: newPerson() })).toMatchObject({ exitCode: 0, stderr: '' });
  });
});

describe('ebpm run, of an address', () => {
  let server: Server;
  let url = '';
  beforeAll(async () => {
    server = createServer((_request, response) => response.end(OBJECT)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/asks.bpf.o`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it('ebpm run refuses what is behind an address as it does a file, and goes on once it was agreed to', async () => {
    const env = newPerson();
    const { exitCode, stdout, stderr } = await runEbpm(['run', url], { env });
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain(`Cannot run "${url}": nobody has agreed to what it may do`);
    expect(stderr).toContain(`hint: If you agree, type: ebpm run --allow=${CLASSES.join(',')} ${url}\n`);
    expect(stderr).toContain(UNAPPROVED);
    expect((await runEbpm(['run', `--allow=${CLASSES.join(',')}`, url], { env })).stderr).toMatch(AGREED);
    expect(approvals(env)).toEqual([]);
  });

  it('ebpm run asks on a terminal, and an answer is for the bytes, wherever they come from', async () => {
    const env = newPerson();
    expect((await onTerminal(['run', url], { env, answer: 'n\n' })).text).toContain('the answer was no');
    expect((await onTerminal(['run', url], { env, answer: 'y\n' })).text).toMatch(AGREED);
    expect((await runEbpm(['run', path], { env })).stderr).toMatch(AGREED);
  });

  it('ebpm run goes by what a policy says of the digest', async () => {
    const cwd = project({ policy: 1, deny: [{ digests: [digestOf(OBJECT)] }] });
    const { stderr } = await runEbpm(['run', `--allow=${CLASSES.join(',')}`, url], { env: newPerson(), cwd });
    expect(stderr).toContain('code: EBPM_POLICY_DENIES');
  });
});

describe('ebpm check --load', () => {
  const allow = `--allow=${CLASSES.join(',')}`;

  it('ebpm check --load asks for what ebpm run asks for, before the verifier sees a byte', async () => {
    const env = newPerson();
    const { exitCode, stdout, stderr } = await runEbpm(['check', '--load', path], { env });
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain(`Cannot load "${path}": nobody has agreed to what it may do`);
    expect(stderr).toContain(`hint: If you agree, type: ebpm check --load ${allow} ${path}\n`);
    expect(stderr).toContain(UNAPPROVED);
    expect((await runEbpm(['check', '--load', allow, path], { env })).stdout).toMatch(/^(yes|NO {2}|\? {2}) load /m);
    expect(approvals(env)).toEqual([]);
  });

  it('ebpm check --load takes an answer, and that of a run', async () => {
    const env = newPerson();
    expect((await onTerminal(['check', '--load', path], { env, answer: 'n\n' })).text).toContain('the answer was no');
    expect((await onTerminal(['check', '--load', path], { env, answer: 'y\n' })).text).not.toContain(UNAPPROVED);
    expect((await runEbpm(['run', path], { env })).stderr).toMatch(AGREED);
    expect((await runEbpm(['check', '--load', path], { env })).stderr).not.toContain(UNAPPROVED);
  });

  it('ebpm check --load obeys policies', async () => {
    const cwd = project({ policy: 1, deny: [{ permissions: ['sends-signals'] }] });
    const { exitCode, stderr } = await runEbpm(['check', '--load', allow, path], { env: newPerson(), cwd });
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining('code: EBPM_POLICY_DENIES') });
  });

  it('ebpm check takes --allow with --load alone', async () => {
    const { exitCode, stderr } = await runEbpm(['check', allow, path], { env: newPerson() });
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining('code: EBPM_USAGE_INVALID') });
  });
});

describe('ebpm run, on a terminal', () => {
  it.each(['\n', 'maybe y\n', '\u0004'])('ebpm run takes %j for a no', async (answer) => {
    const env = newPerson();
    const { exitCode, text } = await onTerminal(['run', path], { env, answer });
    expect(text).toContain('sends signals to processes (sends-signals)');
    expect(text).toContain('the answer was no');
    expect(exitCode).toBe(1);
    expect(approvals(env)).toEqual([]);
  });

  it('ebpm run takes no answer that was typed before the question', async () => {
    const { text } = await onTerminal(['run', path], { env: newPerson(), typedAhead: 'y\ny\n', answer: '\n' });
    expect(text).toContain('the answer was no');
  });

  it('ebpm run asks once for these bytes, and again for others', async () => {
    const env = newPerson();
    expect((await onTerminal(['run', path], { env, answer: 'y\n' })).text).toMatch(AGREED);
    const [kept = '', ...others] = approvals(env);
    expect(others).toEqual([]);
    expect(validate(approvalFileKind, JSON.parse(readFileSync(kept, 'utf8')))).toMatchObject({
      ok: true,
      value: { approved: { classes: { 'sees-packet-payload': ['xdp'], 'sends-signals': ['perf_event'] } } },
    });
    const again = await onTerminal(['run', path], { env, answer: 'n\n' });
    expect(again.text).not.toContain('[y/N]');
    expect((await runEbpm(['run', path], { env })).stderr).toMatch(AGREED);
    const other = join(folder, 'other.bpf.o');
    writeFileSync(other, Buffer.concat([OBJECT, Buffer.from([0])]));
    expect((await runEbpm(['run', other], { env })).stderr).toContain(UNAPPROVED);
  });

  it('ebpm run asks again for what newer tables find in bytes that were agreed to, and for nothing else', async () => {
    const env = newPerson();
    await onTerminal(['run', path], { env, answer: 'y\n' });
    const [kept = ''] = approvals(env);
    const file = JSON.parse(readFileSync(kept, 'utf8'));
    const older = { table: PERMISSIONS_VERSION, facts: FACTS_VERSION - 1 };
    // As an ebpm has kept it that knew nothing of signals.
    const classes = { 'sees-packet-payload': ['xdp'] };
    writeFileSync(kept, JSON.stringify({ ...file, approved: { ...older, classes } }));
    const judged = { ...older, object: digestOf(OBJECT), classes: Object.keys(classes), asks: classes };
    const judgement = join(env.EBPM_HOME, 'judged', basename(kept));
    mkdirSync(dirname(judgement));
    writeFileSync(judgement, JSON.stringify({ ...judged, facts: FACTS_VERSION }));
    expect((await runEbpm(['run', path], { env })).stderr).toMatch(AGREED);
    writeFileSync(judgement, JSON.stringify(judged));
    const { exitCode, stderr } = await runEbpm(['run', path], { env });
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining(UNAPPROVED) });
    expect(stderr).toContain('less was agreed to before than this version of ebpm finds in the same bytes');
    expect(stderr).toContain(`hint: If you agree, type: ebpm run --allow=sends-signals ${path}\n`);
    const { text } = await onTerminal(['run', path], { env, answer: 'n\n' });
    expect(text).toContain('Less of it was agreed to before: this version of ebpm finds more in the same bytes');
    expect(text).not.toContain('sees-packet-payload');
    expect((await onTerminal(['run', path], { env, answer: 'y\n' })).text).toMatch(AGREED);
    expect(JSON.parse(readFileSync(kept, 'utf8')).approved).toEqual(file.approved);
    expect((await runEbpm(['run', path], { env })).stderr).toMatch(AGREED);
  });

  it('ebpm run counts nothing that others could have written', async () => {
    const env = newPerson();
    await onTerminal(['run', path], { env, answer: 'yes\n' });
    const [kept = ''] = approvals(env);
    chmodSync(kept, 0o666);
    const { stderr } = await runEbpm(['run', path], { env });
    expect(stderr).toContain(`Ignores "${kept}": others may write into it`);
    expect(stderr).toContain(UNAPPROVED);
  });

  it('ebpm run --detach asks before it goes into the background', async () => {
    const env = { ...newPerson(), XDG_RUNTIME_DIR: folder };
    const { text } = await onTerminal(['run', '--detach', path], { env, answer: 'n\n' });
    expect(text).toContain('the answer was no');
    expect((await onTerminal(['run', '--detach', path], { env, answer: 'y\n' })).text).toMatch(AGREED);
  });

  it.runIf(process.geteuid?.() === 0)(
    'ebpm run under sudo keeps the answer as the user, and takes none of a third',
    async () => {
      const env = { ...newPerson(), SUDO_UID: '65534', SUDO_GID: '65534' };
      chownSync(env.HOME, 65534, 65534);
      expect((await onTerminal(['run', path], { env, answer: 'y\n' })).text).toMatch(AGREED);
      const [kept = ''] = approvals(env);
      expect(lstatSync(kept).uid).toBe(65534);
      expect((await runEbpm(['run', path], { env })).stderr).toMatch(AGREED);
      chownSync(kept, 12345, 12345);
      const { stderr } = await runEbpm(['run', path], { env });
      expect(stderr).toContain('it belongs to the user 12345');
      expect(stderr).toContain(UNAPPROVED);
    },
  );
});

describe('ebpm run, with a policy', () => {
  const objectDigest = digestOf(OBJECT);

  it('ebpm run goes by the policy of the project that it is called in', async () => {
    const cwd = project({ policy: 1, allow: [{ digests: [objectDigest] }] });
    expect((await runEbpm(['run', path], { env: newPerson(), cwd })).stderr).toMatch(AGREED);
    const other = project({ policy: 1, allow: [{ permissions: CLASSES }] });
    const { stderr } = await runEbpm(['run', path], { env: newPerson(), cwd: other });
    expect(stderr).toContain('--allow=sends-signals ');
    expect(stderr).toContain(UNAPPROVED);
  });

  it('ebpm run refuses what a policy denies, whatever is agreed to, and names the rule', async () => {
    const deny = [{ permissions: ['sends-signals'], reason: 'Not on this machine' }];
    const cwd = project({ policy: 1, deny, allow: [{ digests: [objectDigest] }] });
    const { exitCode, stderr } = await runEbpm(['run', `--allow=${CLASSES.join(',')}`, path], {
      env: newPerson(),
      cwd,
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('the policy "ebpm.policy.json" denies it by deny[0]: permissions sends-signals');
    expect(stderr).toContain('hint: Not on this machine');
    expect(stderr).toContain('code: EBPM_POLICY_DENIES');
  });

  it('ebpm run passes over no policy that it cannot use', async () => {
    const cwd = project({ policy: 2 });
    const { exitCode, stderr } = await runEbpm(['run', path], { env: newPerson(), cwd });
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: expect.stringContaining('code: EBPM_POLICY_UNUSABLE'),
    });
    expect(stderr).toContain('ebpm inspect shows digests and classes as they are written there');
    chmodSync(join(cwd, 'ebpm.policy.json'), 0o666);
    const open = await runEbpm(['run', path], { env: newPerson(), cwd });
    expect(open.stderr).toContain('see what it is: ls -l ebpm.policy.json\n');
  });

  it.runIf(CAN_HIDE_ETC)('ebpm run lets no project and nobody else loosen the policy of the machine', async () => {
    const env = newPerson();
    const cwd = project({ policy: 1, allow: [{ digests: [objectDigest] }] });
    const run = (...flags: readonly string[]) =>
      spawnSync('unshare', machine(['run', ...flags, path]), {
        cwd,
        env: { ...process.env, ...env },
        encoding: 'utf8',
      });
    const machinePolicy = join(etc, 'ebpm/policy.json');
    writeFileSync(machinePolicy, JSON.stringify({ policy: 1, deny: [{ digests: [objectDigest] }] }));
    expect(run(`--allow=${CLASSES.join(',')}`).stderr).toContain('"/etc/ebpm/policy.json" denies it by deny[0]');
    writeFileSync(machinePolicy, JSON.stringify({ policy: 1, default: 'deny' }));
    expect(run().stderr).toContain('since no rule under "allow" is about it');
    writeFileSync(machinePolicy, JSON.stringify({ policy: 1, trustProjects: false }));
    expect(run().stderr).toContain(UNAPPROVED);
    writeFileSync(machinePolicy, JSON.stringify({ policy: 1, allow: [{ digests: [objectDigest] }] }));
    expect(run().stderr).toMatch(AGREED);
    chownSync(machinePolicy, 65534, 65534);
    expect(run().stderr).toContain('code: EBPM_POLICY_UNUSABLE');
  });
});

describe('ebpm install --allow', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
    await publish('1.0.0', OBJECT);
  });
  afterAll(() => world.close());

  async function publish(version: string, object: Uint8Array): Promise<void> {
    const file = join(folder, `asks-${version}.bpf.o`);
    writeFileSync(file, object);
    const env = { EBPM_HOME: world.newHome(), EBPM_REGISTRY: world.registry.url, EBPM_TOKEN: world.token };
    const { exitCode, stderr } = await runEbpm(['publish', file, '--name', 'asks', '--version', version], { env });
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  }

  it('ebpm install --allow agrees for the user, to what it names', async () => {
    const env = { ...newPerson(), EBPM_REGISTRY: world.registry.url };
    const run = (...args: readonly string[]) => runEbpm(args, { env });
    expect((await run('install', 'asks')).stdout).toBe(
      'asks@1.0.0 is installed\nasks@1.0.0 asks for sees-packet-payload, sends-signals before it runs\n',
    );
    expect((await run('run', 'asks')).stderr).toContain(`Cannot run "asks@1.0.0": nobody has agreed`);
    expect((await run('install', '--allow', 'sends-signals', 'asks')).stdout).toBe(
      'asks@1.0.0 was installed already\nasks@1.0.0 asks for sees-packet-payload before it runs\n',
    );
    expect((await run('install', '--allow=sees-packet-payload', 'asks', '--json')).exitCode).toBe(0);
    expect((await run('run', 'asks')).stderr).toMatch(AGREED);
    expect((await run('install', '--allow=all', 'asks')).exitCode).toBe(2);
  });

  it('ebpm run goes by what a policy says of the digest of what is installed', async () => {
    const env = { ...newPerson(), EBPM_REGISTRY: world.registry.url };
    const { stdout } = await runEbpm(['install', 'asks', '--json'], { env });
    const { digest } = JSON.parse(stdout).packages[0];
    const run = async (policy: object, ...flags: readonly string[]) =>
      (await runEbpm(['run', ...flags, 'asks'], { env, cwd: project({ policy: 1, ...policy }) })).stderr;
    for (const ofIt of [digest, digestOf(OBJECT)]) {
      expect(await run({ allow: [{ digests: [ofIt] }] })).toMatch(AGREED);
      expect(await run({ allow: [{ digests: [digestOf(Buffer.from('another'))] }, { digests: [ofIt] }] })).toMatch(
        AGREED,
      );
      const deny = [{ digests: [ofIt] }];
      expect(await run({ deny, allow: deny }, `--allow=${CLASSES.join(',')}`)).toContain('code: EBPM_POLICY_DENIES');
    }
    const another = [{ digests: [digestOf(Buffer.from('another'))] }];
    expect(await run({ allow: another })).toContain(UNAPPROVED);
    expect(await run({ deny: another }, `--allow=${CLASSES.join(',')}`)).toMatch(AGREED);
    expect(await run({ default: 'deny', allow: another }, `--allow=${CLASSES.join(',')}`)).toContain(
      'code: EBPM_POLICY_DENIES',
    );
  });

  it('ebpm install --allow agrees for a project in ebpm.lock, which ci keeps and an update does not carry over', async () => {
    const project = world.newProject({ name: 'mine', dependencies: { asks: '^1.0.0' } });
    const lockfile = join(project, 'ebpm.lock');
    const registry = { EBPM_REGISTRY: world.registry.url };
    const run = (env: Readonly<Record<string, string>>, ...args: readonly string[]) =>
      runEbpm(args, { env: { ...env, ...registry }, cwd: project });
    const [one, other] = [newPerson(), newPerson()];
    const allow = `--allow=${CLASSES.join(',')}`;
    const { exitCode, stdout } = await run(one, 'install', allow, '--json');
    expect({ exitCode, ...validate(cliInstallKind, JSON.parse(stdout)) }).toMatchObject({ exitCode: 0, ok: true });
    const text = readFileSync(lockfile, 'utf8');
    expect(validate(lockfileKind, JSON.parse(text))).toMatchObject({
      ok: true,
      value: {
        packages: {
          asks: {
            approved: {
              table: 1,
              facts: FACTS_VERSION,
              classes: { 'sees-packet-payload': ['xdp'], 'sends-signals': ['perf_event'] },
            },
          },
        },
      },
    });
    expect((await run(other, 'ci')).exitCode).toBe(0);
    expect(readFileSync(lockfile, 'utf8')).toBe(text);
    expect((await run(other, 'run', 'asks')).stderr).toMatch(AGREED);
    expect(approvals(other)).toEqual([]);
    expect((await run(other, 'install')).exitCode).toBe(0);
    expect(readFileSync(lockfile, 'utf8')).toBe(text);
    const older = JSON.parse(text);
    older.packages.asks.approved = {
      table: PERMISSIONS_VERSION,
      facts: FACTS_VERSION - 1,
      classes: { 'sees-packet-payload': ['xdp'] },
    };
    writeFileSync(lockfile, JSON.stringify(older));
    const { stderr } = await run(other, 'run', 'asks');
    expect(stderr).toContain('less was agreed to before than this version of ebpm finds in the same bytes');
    expect(stderr).toContain('--allow=sends-signals ');
    writeFileSync(lockfile, text);
    await publish('1.0.1', Buffer.concat([OBJECT, Buffer.from([0])]));
    expect((await run(other, 'update')).stdout).toBe(
      'asks 1.0.0 -> 1.0.1\nasks@1.0.1 asks for sees-packet-payload, sends-signals before it runs\n',
    );
    expect((await run(other, 'run', 'asks')).stderr).toContain(UNAPPROVED);
    expect((await run(other, 'ci', allow)).exitCode).toBe(0);
    expect((await run(other, 'run', 'asks')).stderr).toMatch(AGREED);
    expect(readFileSync(lockfile, 'utf8')).not.toContain('approved');
  });
});
