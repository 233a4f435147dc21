import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cliInspectKind, cliInstallKind, cliListKind, cliUninstallKind, cliWhyKind, validate } from '@ebpm/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { splitVersionFile } from '../../packages/client/src/version-file.js';
import { buildProgram } from '../kernels/build-program.js';
import { EBPM, ROOT } from '../kernels/installation.js';
import { documentedProject } from '../support/documented-project.js';
import { versionPath } from './installed-version.js';
import { onTerminal } from './on-terminal.js';
import { openWorld, type World } from './open-world.js';
import { runEbpm } from './run-ebpm.js';
import { publishTools } from './tool-world.js';

const IS_ROOT = process.geteuid?.() === 0;
const CAN_LOAD = IS_ROOT && existsSync('/sys/kernel/btf/vmlinux') && existsSync('/sys/kernel/tracing/events');
const ALLOW = '--allow=sees-packet-payload';
const UNAPPROVED = 'code: EBPM_PERMISSIONS_UNAPPROVED';

let world: World;
/** A person with nothing but what the first test installs. */
let env: Record<string, string>;
let programIds: string;

beforeAll(async () => {
  world = await openWorld();
  await publishTools(world, { ...newPerson(), EBPM_TOKEN: world.token });
  env = newPerson();
  programIds = buildProgram('program-ids', world.folder);
}, 60_000);
afterAll(() => world.close());

function newPerson(): Record<string, string> {
  const home = world.newHome();
  mkdirSync(home);
  return { HOME: home, EBPM_HOME: join(home, 'ebpm'), EBPM_REGISTRY: world.registry.url };
}

const run = (...words: readonly string[]) => runEbpm(words, { env });

function valid<T>(kind: Parameters<typeof validate<T>>[0], text: string): T {
  const checked = validate(kind, JSON.parse(text));
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
  return checked.value;
}

describe('a package whose module starts tools, installed', () => {
  it('ebpm install installs what it depends on, says so, and needs no network for it again', async () => {
    const first = await run('install', '--json', 'sums');
    expect(valid(cliInstallKind, first.stdout).packages).toMatchObject([
      { name: 'sums', needs: ['execs@1.0.0', 'headers@1.0.0', 'packets@1.0.0'], current: true },
    ]);
    const again = await run('install', '--offline', 'sums@1.0.0');
    expect(again.stdout).toBe(
      'sums@1.0.0 was installed already, with execs@1.0.0, headers@1.0.0, packets@1.0.0\npackets@1.0.0 asks for sees-packet-payload before it runs\n',
    );
    const listed = valid(cliListKind, (await run('list', '--json')).stdout).packages;
    expect(listed.map(({ name, asked, neededBy }) => [name, asked, neededBy])).toEqual([
      ['execs', false, ['sums@1.0.0']],
      ['headers', false, ['sums@1.0.0']],
      ['packets', false, ['sums@1.0.0']],
      ['sums', true, []],
    ]);
    expect(valid(cliWhyKind, (await run('why', '--json', 'execs')).stdout)).toMatchObject({
      version: '1.0.0',
      asked: [],
      askers: [{ by: { name: 'sums', version: '1.0.0' }, range: '^1.0.0', chain: ['sums'], version: '1.0.0' }],
    });
    expect((await run('why', 'execs')).stdout).toBe('execs@1.0.0: sums asks for ^1.0.0\n');
  });

  it('ebpm uninstall and prune leave a tool that it needs, and take it when it is gone', async () => {
    const other = newPerson();
    const person = (...words: readonly string[]) => runEbpm(words, { env: other });
    await person('install', 'plain', 'execs');
    expect(valid(cliUninstallKind, (await person('uninstall', '--json', 'execs')).stdout)).toEqual({
      packages: [{ name: 'execs', removed: [], kept: [{ version: '1.0.0', neededBy: ['plain@1.0.0'] }] }],
    });
    expect((await person('prune')).stdout).toBe('There is nothing to remove\n');
    expect((await person('uninstall', 'plain')).stdout).toBe('plain@1.0.0 is removed\n');
    expect((await person('prune')).stdout).toContain('execs@1.0.0\n');
    expect(valid(cliListKind, (await person('list', '--json')).stdout).packages).toEqual([]);
  });

  it('ebpm inspect and check tell which tools it starts, and what they may do', async () => {
    const inspected = valid(cliInspectKind, (await run('inspect', '--json', 'sums')).stdout);
    expect(inspected.tools).toMatchObject([
      { name: 'execs', version: '1.0.0', asks: [] },
      { name: 'packets', classes: expect.arrayContaining(['sees-packet-payload']), asks: ['sees-packet-payload'] },
    ]);
    expect(inspected).not.toHaveProperty('missingTools');
    const { stdout } = await run('inspect', 'sums');
    expect(stdout).toContain('ebpm run asks for sees-packet-payload\n');
    expect(stdout).toContain('its module can start:\n  execs@1.0.0: ');
    const checked = await run('check', 'sums');
    expect(checked.stdout).toContain('execs@1.0.0: program "handle_exec"');
    expect(checked.stdout).toContain('packets@1.0.0: kernel');
  });
});

describe('ebpm run, of a module that starts tools', () => {
  it('ebpm run wants somebody to agree to what the tools may do, before anything runs', async () => {
    const { exitCode, stdout, stderr } = await run('run', 'sums', 'execs', '0');
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain('Cannot run "sums@1.0.0": nobody has agreed to what it, and what it starts, may do');
    expect(stderr).toContain('packets@1.0.0, which it starts:\n');
    expect(stderr).toContain(`hint: If you agree, type: ebpm run ${ALLOW} sums\n`);
    expect(stderr).toContain(UNAPPROVED);
  });

  it('ebpm run asks on a terminal for all of it at once, and keeps the answer', async () => {
    const other = { ...newPerson(), EBPM_HOME: env['EBPM_HOME'] ?? '' };
    const no = await onTerminal(['run', 'sums', 'nope'], { env: other, answer: 'n\n' });
    expect(no.text).toContain('packets@1.0.0, which sums@1.0.0 starts, wants to do what is not done unasked:');
    expect(no.text).toContain('the answer was no');
    const yes = await onTerminal(['run', 'sums', 'nope'], { env: other, answer: 'y\n' });
    expect(yes.text).toContain('refused -2');
    expect((await run('run', 'sums', 'nope')).stdout).toBe('refused -2\n');
    rmSync(join(other.EBPM_HOME, 'approvals'), { recursive: true });
  });

  it('ebpm run starts nothing that ebpm.json does not name, and no headers', async () => {
    for (const name of ['nope', 'headers', 'sums', '../execs']) {
      const { stdout, stderr } = await run('run', ALLOW, 'sums', name);
      expect(stdout).toBe('refused -2\n');
      expect(stderr).toContain(`Cannot start "${name}": it is no tool that "sums@1.0.0" names`);
    }
    const file = join(world.folder, 'alone.wasm');
    writeFileSync(file, readFileSync(join(world.folder, 'sums/dist/app.wasm')));
    expect((await run('run', file, 'execs')).stdout).toBe('refused -2\n');
  });

  it('ebpm run refuses what a policy denies of a tool, and names it', async () => {
    const cwd = join(world.folder, 'policy');
    mkdirSync(cwd);
    const deny = [{ permissions: ['sees-packet-payload'] }];
    writeFileSync(join(cwd, 'ebpm.policy.json'), JSON.stringify({ policy: 1, deny }));
    const { exitCode, stderr } = await runEbpm(['run', ALLOW, 'sums', 'execs', '0'], { env, cwd });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('Cannot run "packets@1.0.0", which "sums@1.0.0" starts: the policy');
    expect(stderr).toContain('code: EBPM_POLICY_DENIES');
  });

  it('ebpm run tells the module how a tool ended that could not run, and the person why', async () => {
    const { stdout, stderr } = await run('run', ALLOW, 'sums', 'execs', '1', '--nonsense');
    expect(stdout).toBe('events 0, of true 0, last 0\nended 2\n');
    expect(stderr).toMatch(/^execs@1\.0\.0: error: .*--nonsense/m);
  });

  it('ebpm run and install refuse what needs a tool that was taken down', async () => {
    const other = newPerson();
    const author = { ...newPerson(), EBPM_TOKEN: world.token };
    const place = world.newProject({ name: 'bad' });
    await runEbpm(['publish', place], { env: author });
    const app = join(world.folder, 'uses-bad');
    mkdirSync(join(app, 'dist'), { recursive: true });
    const manifest = { manifest: 1, name: 'uses-bad', version: '1.0.0', entry: 'app.wasm', dependencies: { bad: '1' } };
    writeFileSync(join(app, 'ebpm.json'), JSON.stringify(manifest));
    writeFileSync(join(app, 'dist/app.wasm'), readFileSync(join(world.folder, 'sums/dist/app.wasm')));
    expect(await runEbpm(['publish', app], { env: author })).toMatchObject({ exitCode: 0 });
    expect(await runEbpm(['install', 'uses-bad'], { env: other })).toMatchObject({ exitCode: 0 });
    await world.takeDown('bad', '1.0.0');
    expect(await runEbpm(['trust', 'refresh'], { env: other })).toMatchObject({ exitCode: 0 });
    const { exitCode, stdout, stderr } = await runEbpm(['run', 'uses-bad', 'bad', '1'], { env: other });
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain('bad@1.0.0');
    expect(stderr).toContain('code: EBPM_TAKEN_DOWN');
    for (const words of [['uses-bad'], ['uses-bad@1.0.0'], ['--offline', 'uses-bad']]) {
      const installed = await runEbpm(['install', ...words], { env: other });
      expect({ words, ...installed }).toMatchObject({ words, exitCode: 1, stdout: '' });
      expect(installed.stderr).toContain('error: Cannot use "bad@1.0.0": its registry has taken it down');
    }
  });

  it('ebpm bundle carries it with its tools to a machine without a network', async () => {
    const other = { ...newPerson(), EBPM_OFFLINE: '1', EBPM_REGISTRY: '' };
    const bundle = join(world.folder, 'sums.ebpm');
    expect(await run('bundle', 'save', 'sums', '--out', bundle)).toMatchObject({ exitCode: 0 });
    expect(await runEbpm(['bundle', 'load', bundle], { env: other })).toMatchObject({ exitCode: 0 });
    const { stdout } = await runEbpm(['install', ALLOW, 'sums'], { env: other });
    expect(stdout).toBe('sums@1.0.0 is installed, with execs@1.0.0, headers@1.0.0, packets@1.0.0\n');
    expect((await runEbpm(['run', 'sums', 'nope'], { env: other })).stdout).toBe('refused -2\n');
  });

  it('ebpm run refuses to run with a tool that is not what was installed', async () => {
    const other = newPerson();
    await runEbpm(['install', 'plain'], { env: other });
    const path = versionPath(other['EBPM_HOME'] ?? '', 'execs@1.0.0');
    const bytes = readFileSync(path);
    const inEntry = splitVersionFile(bytes).archive.length - 2000;
    bytes[inEntry] = (bytes[inEntry] ?? 0) ^ 1;
    rmSync(path);
    writeFileSync(path, bytes);
    const { exitCode, stderr } = await runEbpm(['run', 'plain', 'execs', '0'], { env: other });
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining('EBPM_STORE_DAMAGED') });
    await runEbpm(['uninstall', 'plain'], { env: other });
    await runEbpm(['prune'], { env: other });
  });
});

describe.runIf(CAN_LOAD)('a tool that a module has started', () => {
  it('gives its events to the module, which sums them up, and ends with it', async () => {
    const flags = [ALLOW, '--offline'];
    const running = await started({ flags }, 'sums', 'execs', '3', '--parent_pid', String(process.pid));
    expect(running.commands).toEqual([expect.stringContaining('\0run\0--json\0--tool=1\0--offline\0')]);
    for (const name of ['true', 'false', 'true']) spawnSync(name);
    const { exitCode, stdout, stderr } = await running.end;
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'events 3, of true 2, last 1\nended 0\n' });
    expect(stderr).toContain('sums@1.0.0: attached, Ctrl-C ends\n');
    expect(stderr).toMatch(/^execs@1\.0\.0: 3 events/m);
    await running.nothingIsLeft();
  });

  it('is counted and ended as the module is: --ledger exact, --duration', async () => {
    const words = ['--ledger', 'exact', '--duration', '500ms', ALLOW, 'sums', 'execs', '1000000'];
    const { exitCode, stdout, stderr } = await run('run', ...words);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
    expect(stderr).toMatch(/^execs@1\.0\.0: .*(, nothing lost|cannot be counted here)/m);
  });

  it('ends with the module where nobody stops it, and where that is interrupted', async () => {
    const running = await started('sums', 'execs', '1000000');
    const before = Date.now();
    running.child.kill('SIGINT');
    expect((await running.end).exitCode).toBe(130);
    expect(Date.now() - before).toBeLessThan(2500);
    await running.nothingIsLeft();
  });

  it('ends with a module that runs into a trap, or whose process is killed', async () => {
    const trapped = await started('sums', 'trap', '--parent_pid', String(process.pid));
    spawnSync('true');
    expect(await trapped.end).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('EBPM_WASM_TRAP') });
    await trapped.nothingIsLeft();
    const killed = await started('sums', 'execs', '1000000');
    const guest = childrenOf(killed.child.pid ?? 0).find((pid) => commandOf(pid).includes('guest-entry'));
    if (guest === undefined) throw new Error('there is no process of a guest');
    process.kill(guest, 'SIGKILL');
    expect(await killed.end).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('EBPM_WASM_ENDED') });
    await killed.nothingIsLeft();
  });

  it('leaves nothing in the kernel when the broker is killed', async () => {
    const running = await started('sums', 'execs', '1000000');
    expect(running.programs.length).toBeGreaterThan(0);
    expect(loadedPrograms()).toEqual(expect.arrayContaining([...running.programs]));
    running.child.kill('SIGKILL');
    await running.end;
    await running.nothingIsLeft();
  });

  it('waits with its events while the module is paused in the background', async () => {
    const name = `sums-${process.pid}`;
    // It starts a program when it is told to, while this process starts many.
    const parent = spawn('sh', ['-c', 'read word; /bin/true; exit 0'], { stdio: ['pipe', 'ignore', 'ignore'] });
    const words = ['--detach', '--name', name, ALLOW, 'sums', 'execs', '1', '--parent_pid', String(parent.pid)];
    expect(await run('run', ...words)).toMatchObject({ exitCode: 0 });
    expect(await run('pause', name)).toMatchObject({ exitCode: 0 });
    parent.stdin.end('go\n');
    await once(parent, 'exit');
    await sleep(300);
    expect((await run('logs', name)).stdout).not.toContain('events');
    expect(await run('resume', name)).toMatchObject({ exitCode: 0 });
    const { stdout } = await run('logs', '--follow', name);
    expect(stdout).toBe('events 1, of true 1, last 1\nended 0\n');
  });

  it('is not started once a policy denies it, whatever was agreed to before', async () => {
    const cwd = join(world.folder, 'denies-later');
    mkdirSync(cwd);
    const running = await started({ cwd, flags: [ALLOW] }, 'sums', 'later', '--parent_pid', String(process.pid));
    const deny = [{ permissions: ['sees-packet-payload'] }];
    writeFileSync(join(cwd, 'ebpm.policy.json'), JSON.stringify({ policy: 1, deny }));
    spawnSync('true');
    const { stdout, stderr } = await running.end;
    expect(stdout).toBe('later -1\n');
    expect(stderr).toContain('Cannot run "packets@1.0.0": the policy "ebpm.policy.json" denies it');
    await running.nothingIsLeft();
  });

  it('stands in the audit log with every load', () => {
    const script =
      'mount -t tmpfs none /var/log && { for turn in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do sleep 0.3; done >/dev/null 2>&1 & } && "$@" && cat /var/log/ebpm/audit.ndjson';
    const { stdout } = spawnSync(
      'unshare',
      ['--mount', 'sh', '-c', script, 'sh', process.execPath, EBPM, 'run', ALLOW, 'sums', 'execs', '1'],
      { env: { PATH: process.env['PATH'] ?? '', ...env }, encoding: 'utf8' },
    );
    const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { event: 'load', name: 'execs', version: '1.0.0', programs: ['handle_exec'] },
      { event: 'end' },
    ]);
  });

  it('may be a module itself, as in docs/wasm.md', async () => {
    const author = { ...newPerson(), EBPM_TOKEN: world.token };
    for (const [name, folder] of [
      ['documented', ''],
      ['starts', 'starts/'],
    ] as const) {
      const place = join(world.folder, `docs-${name}`);
      mkdirSync(place);
      for (const [path, text] of Object.entries(documentedProject('app.c', folder))) {
        // Its name is another tool's here.
        writeFileSync(
          join(place, path),
          path === 'ebpm.json' ? text.replaceAll('execs', 'documented') : text.replaceAll('"execs"', '"documented"'),
        );
      }
      for (const words of [...(folder === '' ? [] : [['install']]), ['build'], ['publish']]) {
        expect(await runEbpm(words, { env: author, cwd: place })).toMatchObject({ exitCode: 0 });
      }
    }
    env = newPerson();
    expect((await run('install', 'starts')).stdout).toContain('starts@1.0.0 is installed, with documented@1.0.0');
    const running = await started({ flags: [] }, 'starts', String(process.pid));
    for (const name of ['true', 'false']) spawnSync(name);
    await until(() => running.output.stdout.endsWith('2 programs were started\n'));
    running.child.kill('SIGTERM');
    expect((await running.end).exitCode).toBe(143);
    await running.nothingIsLeft();
  });

  it('is found by the lockfile of the project that a module was built in, here in AssemblyScript', async () => {
    const place = join(world.folder, 'docs-script');
    mkdirSync(place);
    for (const [path, text] of Object.entries(documentedProject('app.ts', 'starts/'))) {
      writeFileSync(join(place, path), text.replace('[words.length', '["--parent_pid", words.length'));
    }
    env = newPerson();
    const path = `${ROOT}node_modules/.bin:${process.env['PATH']}`;
    for (const words of [['install'], ['build']]) {
      expect(await runEbpm(words, { env: { ...env, PATH: path }, cwd: place })).toMatchObject({ exitCode: 0 });
    }
    const running = await started({ cwd: place, flags: [] }, 'dist/app.wasm', String(process.pid));
    for (const name of ['true', 'false', 'true']) spawnSync(name);
    await until(() => running.output.stdout.endsWith('3 programs were started\n'));
    running.child.kill('SIGINT');
    expect((await running.end).exitCode).toBe(130);
    await running.nothingIsLeft();
  });

  it('is found by the lockfile of a project, with ebpm ci and without a network', async () => {
    const project = join(world.folder, 'uses-sums');
    mkdirSync(project);
    const manifest = { manifest: 1, name: 'uses-sums', version: '1.0.0', dependencies: { sums: '^1.0.0' } };
    writeFileSync(join(project, 'ebpm.json'), JSON.stringify(manifest));
    const [one, other] = [newPerson(), newPerson()];
    expect(await runEbpm(['install', ALLOW], { env: one, cwd: project })).toMatchObject({ exitCode: 0 });
    expect(await runEbpm(['ci'], { env: other, cwd: project })).toMatchObject({ exitCode: 0 });
    expect(await runEbpm(['ci', '--offline'], { env: other, cwd: project })).toMatchObject({ exitCode: 0 });
    env = { ...other, EBPM_OFFLINE: '1' };
    const running = await started(
      { cwd: project, flags: [] },
      'sums',
      'execs',
      '1',
      '--parent_pid',
      String(process.pid),
    );
    spawnSync('true');
    expect((await running.end).stdout).toBe('events 1, of true 1, last 1\nended 0\n');
    // Without the project nobody has chosen versions, and nothing asks for what they may do.
    expect((await run('run', 'sums', 'execs', '1')).stderr).toContain(
      'no version of it was chosen: type ebpm install sums@1.0.0\n',
    );
    const elsewhere = await runEbpm(['why', 'execs'], { env: other, cwd: project });
    expect(elsewhere.stdout).toContain('this project > sums@1.0.0 asks for ^1.0.0');
  });
});

// The last: from here on the registry has no "execs" any more.
describe.runIf(CAN_LOAD)('a tool that was taken down while it runs', () => {
  it('ebpm ps warns of the module that has started it', async () => {
    const person = newPerson();
    const ebpm = (...words: readonly string[]) => runEbpm(words, { env: person });
    expect(await ebpm('install', 'plain')).toMatchObject({ exitCode: 0 });
    const name = `plain-${process.pid}`;
    // It starts nothing, so that there is no event.
    const parent = spawn('sh', ['-c', 'read word'], { stdio: ['pipe', 'ignore', 'ignore'] });
    const words = ['--detach', '--name', name, 'plain', 'execs', '1', '--parent_pid', String(parent.pid)];
    expect(await ebpm('run', ...words)).toMatchObject({ exitCode: 0 });
    try {
      expect((await ebpm('ps')).stderr).not.toContain('execs@1.0.0');
      await world.takeDown('execs', '1.0.0');
      expect(await ebpm('trust', 'refresh')).toMatchObject({ exitCode: 0 });
      expect((await ebpm('ps')).stderr).toMatch(
        /^warning: [0-9a-f]{8}: a tool of its module: Cannot use "execs@1\.0\.0": its registry has taken it down .*\. Stop it: ebpm stop [0-9a-f]{8}$/m,
      );
      const installed = await ebpm('install', 'plain@1.0.0');
      expect(installed).toMatchObject({ exitCode: 1, stdout: '' });
      expect(installed.stderr).toContain('error: Cannot use "execs@1.0.0": its registry has taken it down');
    } finally {
      parent.stdin.end();
      expect(await ebpm('stop', name)).toMatchObject({ exitCode: 0 });
    }
  });
});

interface Running {
  readonly child: ChildProcess;
  /** What came until now. */
  readonly output: { readonly stdout: string; readonly stderr: string };
  readonly end: Promise<{ readonly exitCode: number | null; readonly stdout: string; readonly stderr: string }>;
  /** What its tools were started as, words ended by NUL. */
  readonly commands: readonly string[];
  /** The ids of the programs that its tools have loaded. */
  readonly programs: readonly number[];
  /** Waits until no process of its tools and nothing of what they have loaded is left. */
  nothingIsLeft(): Promise<void>;
}

/** Starts `ebpm run`, and waits until a tool is attached. */
async function started(
  where: { readonly cwd?: string; readonly flags: readonly string[] } | string,
  ...words: readonly string[]
): Promise<Running> {
  const { cwd = world.folder, flags } = typeof where === 'string' ? { flags: [ALLOW] } : where;
  const all = typeof where === 'string' ? [where, ...words] : words;
  const child = spawn(process.execPath, [EBPM, 'run', ...flags, ...all], {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', ...env },
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  }
  const end = once(child, 'close').then(([exitCode]) => ({ exitCode, ...output }));
  await until(() => output.stderr.includes('attached, Ctrl-C ends') || child.exitCode !== null);
  const tools = childrenOf(child.pid ?? 0).filter((pid) => commandOf(pid).includes('--tool='));
  const programs = tools.flatMap(programsOf);
  if (tools.length === 0) throw new Error(`no tool runs: ${output.stderr}`);
  return {
    child,
    output,
    end,
    commands: tools.map(commandOf),
    programs,
    nothingIsLeft: () =>
      until(() => {
        const loaded = loadedPrograms();
        return !tools.some(isRunning) && !programs.some((id) => loaded.includes(id));
      }),
  };
}

/** @throws Error after 10 s */
async function until(isSo: () => boolean): Promise<void> {
  for (const end = Date.now() + 10_000; !isSo(); await sleep(20)) {
    if (Date.now() > end) throw new Error('it did not come to that within 10 s');
  }
}

/** Whether it does anything: what has ended may wait for a parent that has ended, too. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

function childrenOf(pid: number): readonly number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
}

function commandOf(pid: number): string {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
}

function programsOf(pid: number): readonly number[] {
  const texts = readdirSync(`/proc/${pid}/fdinfo`).map((fd) => {
    try {
      return readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8');
    } catch {
      // It was closed meanwhile.
      return '';
    }
  });
  return [...new Set(texts.flatMap((text) => [...text.matchAll(/^prog_id:\s*(\d+)$/gm)].map(([, id]) => Number(id))))];
}

function loadedPrograms(): readonly number[] {
  return execFileSync(programIds, { encoding: 'utf8' }).split('\n').filter(Boolean).map(Number);
}
