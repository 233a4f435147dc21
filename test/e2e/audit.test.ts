import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { auditLineKind, validate } from '@ebpm/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildExample } from '../kernels/build-example.js';
import { buildGuest } from '../kernels/build-guest.js';
import { EBPM } from '../kernels/installation.js';
import { temporaryFolder } from '../kernels/temporary-folder.js';
import { compileFixture } from '../support/compile-fixture.js';

const IS_ROOT = process.geteuid?.() === 0;
const CAN_MOUNT = IS_ROOT && spawnSync('unshare', ['--mount', 'true']).status === 0;
const CAN_LOAD = CAN_MOUNT && existsSync('/sys/kernel/btf/vmlinux') && existsSync('/sys/kernel/tracing/events');

/** The kernel's own number for nobody. */
const NOBODY = 65534;

const folder = temporaryFolder('audit');
chmodSync(folder, 0o755);
const asks = join(folder, 'asks.bpf.o');
let sigsnoop = '';
let guest = '';
beforeAll(async () => {
  guest = buildGuest('misbehaving', { folder, objects: ['abi', 'small'], hidden: ['hidden'] });
  writeFileSync(asks, compileFixture(new URL('fixtures/asks.bpf.c', import.meta.url)));
  sigsnoop = await buildExample('sigsnoop', folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The lines of an audit log. */
function lines(text: string) {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const checked = validate(auditLineKind, JSON.parse(line));
      if (!checked.ok) throw new Error(`${line}: ${JSON.stringify(checked.problems)}`);
      return checked.value;
    });
}

/** An /etc with a policy. */
function machineWith(name: string, policy: unknown): string {
  const etc = join(folder, name);
  mkdirSync(join(etc, 'ebpm'), { recursive: true });
  for (const file of ['passwd', 'group']) writeFileSync(join(etc, file), readFileSync(join('/etc', file)));
  writeFileSync(join(etc, 'ebpm/policy.json'), JSON.stringify(policy));
  return etc;
}

/** Runs `ebpm` as root where /var/log, and /etc if one is given, are others than this machine's; gives what it wrote into the log, too. */
function onMachine(
  words: readonly string[],
  { log = 'mount -t tmpfs none /var/log', etc = '', home = folder, run = '"$@"' } = {},
) {
  const script = `${log} && ${etc === '' ? 'true' : `mount --bind ${etc} /etc`} && ${run}; code=$?; cat /var/log/ebpm/audit.ndjson >&3 2>/dev/null; exit $code`;
  const { status, stderr, output } = spawnSync(
    'unshare',
    ['--mount', 'sh', '-c', script, 'sh', process.execPath, EBPM, ...words],
    {
      env: { PATH: process.env['PATH'] ?? '', HOME: folder, EBPM_HOME: home, SUDO_UID: '65534' },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      encoding: 'utf8',
    },
  );
  return { status, stderr, log: output[3] ?? '' };
}

describe('the audit log', () => {
  it('ebpm run writes a refusal into the home of a user who is not root', () => {
    const home = join(folder, 'home');
    mkdirSync(home);
    if (IS_ROOT) chownSync(home, NOBODY, NOBODY);
    const { status } = spawnSync(process.execPath, [EBPM, 'run', asks], {
      env: { PATH: process.env['PATH'] ?? '', HOME: home, EBPM_HOME: join(home, 'ebpm') },
      ...(IS_ROOT ? { uid: NOBODY, gid: NOBODY } : {}),
    });
    expect(status).toBe(1);
    const log = join(home, 'ebpm/audit.ndjson');
    expect(lines(readFileSync(log, 'utf8'))).toMatchObject([
      { event: 'refuse', code: 'EBPM_PERMISSIONS_UNAPPROVED', source: asks, uid: statSync(home).uid },
    ]);
    expect(statSync(log).mode & 0o777).toBe(0o600);
  });

  it.runIf(CAN_MOUNT)(
    'ebpm run of root writes a refusal into the log of the machine, with the user behind sudo',
    () => {
      const { status, log } = onMachine(['run', asks]);
      expect(status).toBe(1);
      expect(lines(log)).toMatchObject([
        { event: 'refuse', code: 'EBPM_PERMISSIONS_UNAPPROVED', source: asks, uid: 0, sudoUid: 65534 },
      ]);
    },
  );

  it.runIf(CAN_LOAD)('ebpm check --load writes what it has loaded, and that it was closed', () => {
    const { status, log } = onMachine(['check', '--load', sigsnoop]);
    expect(status).toBe(0);
    const [load, end, ...others] = lines(log);
    expect(load).toMatchObject({ event: 'load', uid: 0, sudoUid: NOBODY, source: sigsnoop, agreed: {} });
    expect(load?.programs).toContain('kill_start');
    expect(end).toMatchObject({ event: 'end', id: load?.id, ending: 'closed' });
    expect(others).toEqual([]);
  });

  it.runIf(CAN_MOUNT)('ebpm check --load writes a refusal', () => {
    const { status, log } = onMachine(['check', '--load', asks]);
    expect(status).toBe(1);
    expect(lines(log)).toMatchObject([{ event: 'refuse', code: 'EBPM_PERMISSIONS_UNAPPROVED', source: asks }]);
  });

  it.runIf(CAN_LOAD)('ebpm run writes what it has loaded and how that ended, as who it is then', () => {
    const { status, log } = onMachine(['run', '--duration', '100ms', sigsnoop, '--filtered_pid', '1']);
    const [load, end, ...others] = lines(log);
    expect({ status, others }).toEqual({ status: 0, others: [] });
    expect(load).toMatchObject({ event: 'load', source: sigsnoop, uid: 0, sudoUid: 65534, classes: [], agreed: {} });
    expect(load?.programs?.length).toBeGreaterThan(5);
    expect(end).toMatchObject({ event: 'end', id: load?.id, pid: load?.pid, uid: 65534, ending: 'duration' });
  });

  it.runIf(CAN_LOAD)('ebpm run of a WASM module writes what it was given, and no values of variables', () => {
    const given = join(folder, 'given');
    mkdirSync(given);
    const allow = `--allow=wasi:env=HOME,wasi:env=NOT_SET,wasi:dir=/usr,wasi:write=${given}`;
    const { status, log } = onMachine(['run', allow, guest, 'uses-closed']);
    const [load, end, ...others] = lines(log);
    expect({ status, others }).toEqual({ status: 22, others: [] });
    expect(load).toMatchObject({ event: 'load', source: guest, programs: ['on_call'], sudoUid: NOBODY });
    expect(load?.wasi).toEqual({
      env: ['HOME'],
      dirs: [
        { path: '/usr', guest: '/usr', access: 'read' },
        { path: given, guest: given, access: 'write' },
      ],
    });
    expect(end).toMatchObject({ event: 'end', id: load?.id, ending: 'done' });
    const [alone] = lines(onMachine(['run', guest, 'uses-closed']).log);
    expect(alone?.wasi).toEqual({ env: [], dirs: [] });
  });

  it.runIf(CAN_LOAD).each([
    ['a package', () => [sigsnoop]],
    ['a WASM module', () => [guest, 'prints']],
  ])('ebpm run of %s writes that it ended as by a signal where the reader of its output has gone', (_, words) => {
    const run =
      '{ while sleep 0.05; do kill -0 $$; done & } && { timeout -s KILL 30 "$@" | head -n 1 >/dev/null; kill $!; }';
    const [load, end, ...others] = lines(onMachine(['run', ...words()], { run }).log);
    expect(others).toEqual([]);
    expect(load).toMatchObject({ event: 'load', source: words()[0] });
    expect(end).toMatchObject({ event: 'end', id: load?.id, ending: 'signal' });
  });

  it.runIf(CAN_LOAD)(
    'ebpm run keeps what a file may do, as the user behind sudo, and believes that where no policy is',
    async () => {
      const home = join(folder, 'kept');
      mkdirSync(home);
      chownSync(home, NOBODY, NOBODY);
      const words = ['run', '--duration', '100ms', sigsnoop, '--filtered_pid', '1'];
      expect(onMachine(words, { home }).status).toBe(0);
      const [name = '', ...others] = readdirSync(join(home, 'judged'));
      const kept = join(home, 'judged', name);
      expect({ others, uid: statSync(kept).uid }).toEqual({ others: [], uid: NOBODY });
      const judged = JSON.parse(readFileSync(kept, 'utf8'));
      expect(judged).toMatchObject({ classes: [], asks: {} });
      // What is kept is what is gone by, as with an approval.
      writeFileSync(kept, JSON.stringify({ ...judged, asks: { 'sends-signals': ['x'] } }));
      expect(onMachine(words, { home }).stderr).toContain('code: EBPM_PERMISSIONS_UNAPPROVED');
      const etc = machineWith('strict', { policy: 1 });
      expect(onMachine(words, { home, etc }).status).toBe(0);
    },
  );

  describe.runIf(CAN_LOAD)('that cannot be written', () => {
    const full =
      'mount -t tmpfs -o size=64k none /var/log && { head -c 1M /dev/zero >/var/log/full 2>/dev/null || true; }';
    const words = () => ['run', '--duration', '100ms', sigsnoop, '--filtered_pid', '1'];

    it('ebpm run says so, and goes on', () => {
      const { status, stderr } = onMachine(words(), { log: full });
      expect(status).toBe(0);
      expect(stderr).toMatch(
        /^warning: Cannot write the audit log "\/var\/log\/ebpm\/audit.ndjson": .*(ENOSPC|disk is full)/m,
      );
      expect(stderr).toContain('attached');
    });

    it('ebpm run attaches nothing where the policy of the machine requires the line', () => {
      const etc = machineWith('required', { policy: 1, audit: 'required' });
      const { status, stderr } = onMachine(words(), { log: full, etc });
      expect(status).toBe(1);
      expect(stderr).toContain('code: EBPM_AUDIT_UNWRITABLE');
      expect(stderr).not.toContain('attached');
      expect(onMachine(words(), { etc })).toMatchObject({ status: 0 });
    });
  });
});
