import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { TrustedLog } from '@ebpm/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LoopbackServer } from '../../packages/client/test/loopback-server.js';
import { hostileTar } from '../../packages/formats/test/hostile-tar.js';
import { buildExample } from '../kernels/build-example.js';
import { temporaryFolder } from '../kernels/temporary-folder.js';
import { writeBadPackages } from './bad-packages.js';
import { HOSTILE_HEAD, hostileRegistry, sendForEver } from './hostile-registry.js';
import { openWorld, type World } from './open-world.js';
import { testPackage } from './published-package.js';
import { type Attempt, newRoom, type Refusal, refusedCommand } from './refused-command.js';
import { runRegistry } from './registry-process.js';
import { runEbpm } from './run-ebpm.js';

const IS_ROOT = process.getuid?.() === 0;
const NOBODY = 65_534;
const TEN_GB = 10_000_000_000;
/** A mount namespace in which this kernel shows no BTF. */
const WITHOUT_BTF = ['unshare', '-m', 'sh', '-c', 'mount -t tmpfs none /sys/kernel/btf && exec "$@"', 'sh'];
const CAN_HIDE_BTF = IS_ROOT && spawnSync(WITHOUT_BTF[0] ?? '', [...WITHOUT_BTF.slice(1), 'true']).status === 0;
const CAN_ATTACH = IS_ROOT && existsSync('/sys/kernel/btf/vmlinux') && existsSync('/sys/kernel/tracing/events');
/** Nothing listens on this port: it is tcpmux's. */
const NO_REGISTRY = 'http://127.0.0.1:1';

const folder = temporaryFolder('bad-input');
// Whoever is not root is to read what lies there.
chmodSync(folder, 0o755);
const room = newRoom(folder);
let sigsnoop: string;
let world: World;
let project: string;
let hostile: LoopbackServer;

beforeAll(async () => {
  sigsnoop = await buildExample('sigsnoop', folder);
  writeBadPackages(folder, sigsnoop);
  world = await openWorld();
  project = world.newProject();
  hostile = await hostileRegistry([
    { name: 'climbs', promised: hostileTar(manifest('climbs'), { path: '../../.bashrc', body: Buffer.from('evil') }) },
    {
      name: 'absolute',
      promised: hostileTar(manifest('absolute'), { path: '/etc/ebpm-evil', body: Buffer.from('x') }),
    },
    { name: 'declares-10-gb', promised: hostileTar(manifest('declares-10-gb'), { path: 'big', size: TEN_GB }) },
    { name: 'sends-10-gb', promised: Buffer.from('1'), send: sendForEver },
    {
      name: 'swapped',
      promised: testPackage('swapped', '1.0.0').archive,
      send: (response) => response.end(testPackage('swapped', '1.0.0', 'other bytes').archive),
    },
    {
      name: 'cut',
      promised: testPackage('cut', '1.0.0').archive,
      send: (response) => response.end(testPackage('cut', '1.0.0').archive.subarray(0, 512)),
    },
    { name: 'other-name', promised: testPackage('somebody-else', '1.0.0').archive },
  ]);
});
afterAll(async () => {
  await hostile?.close();
  await world?.close();
  rmSync(folder, { recursive: true, force: true });
});

function manifest(name: string) {
  return { path: 'ebpm.json', body: Buffer.from(JSON.stringify({ manifest: 1, name, version: '1.0.0' })) };
}

/** What publish prints before it asks the registry. */
const CONTENTS = /^tiny@1\.0\.0: \d+ bytes, sha256:[0-9a-f]{64}\n( +\d+ {2}\S+\n)+$/;

/** Runs a command that must say one thing, with this code, and write nothing. */
async function expectRefusal(args: readonly string[], code: string, exitCode: 1 | 2, attempt: Partial<Attempt> = {}) {
  const refusal = await refusedCommand(args, { room, ...attempt });
  expect(refusal).toEqual({
    exitCode,
    stdout: args[0] === 'publish' ? expect.stringMatching(CONTENTS) : '',
    errors: [expect.stringMatching(/^error: Cannot \S/)],
    codes: [code],
    raw: [],
    changed: [],
  } satisfies Refusal);
}

describe('ebpm run and ebpm check, of what is no package', () => {
  const rows = [
    ['truncated-elf', 'EBPM_ELF_INVALID'],
    ['elf-header-only', 'EBPM_ELF_INVALID'],
    ['no-elf', 'EBPM_ELF_INVALID'],
    ['no-btf', 'EBPM_OBJECT_INVALID'],
    ['size-too-small', 'EBPM_PACKAGE_SIZE_MISMATCH'],
    ['size-too-large', 'EBPM_PACKAGE_SIZE_MISMATCH'],
    ['size-of-10-gb', 'EBPM_PACKAGE_TOO_LARGE'],
    ['bad-base64', 'EBPM_PACKAGE_BASE64'],
    ['base64-not-padded', 'EBPM_PACKAGE_BASE64'],
    ['bad-zlib', 'EBPM_PACKAGE_COMPRESSION'],
    ['no-meta', 'EBPM_PACKAGE_INVALID'],
    ['nested', 'EBPM_PACKAGE_INVALID'],
    ['nested-meta', 'EBPM_PACKAGE_INVALID'],
    ['empty', 'EBPM_PACKAGE_MALFORMED'],
    ['answer-404.json', 'EBPM_PACKAGE_INVALID'],
    ['answer-404.html', 'EBPM_PACKAGE_MALFORMED'],
    ['alone.skel.json', 'EBPM_OBJECT_MISSING'],
    ['strange.skel.json', 'EBPM_PACKAGE_INCONSISTENT'],
    ['cut.bpf.o', 'EBPM_ELF_INVALID'],
    ['big-endian.o', 'EBPM_ELF_BIG_ENDIAN'],
    ['executable.o', 'EBPM_ELF_UNSUPPORTED'],
    ['cut.tar', 'EBPM_ARCHIVE_TRUNCATED'],
    ['damaged.tar', 'EBPM_ARCHIVE_MALFORMED'],
    ['seed-cut.json', 'EBPM_PACKAGE_SIZE_MISMATCH'],
    ['seed-bad.json', 'EBPM_PACKAGE_BASE64'],
    ['package.yaml', 'EBPM_PACKAGE_MALFORMED'],
    ['source.bpf.c', 'EBPM_PACKAGE_MALFORMED'],
    ['packed.gz', 'EBPM_PACKAGE_MALFORMED'],
    ['folder', 'EBPM_FILE_UNREADABLE'],
    ['fifo', 'EBPM_FILE_UNREADABLE'],
    ['missing', 'EBPM_FILE_UNREADABLE'],
  ] as const;
  describe.each(rows)('%s', (name, code) => {
    it.each(['run', 'check'])(`ebpm %s refuses it with ${code}`, (command) =>
      expectRefusal([command, join(folder, name)], code, 1),
    );
  });
});

describe('ebpm, of a WASM module that holds nothing', () => {
  it('ebpm run refuses it', () => expectRefusal(['run', join(folder, 'app.wasm')], 'EBPM_WASM_INVALID', 1));

  it('ebpm check says that it will not run, for the reason that ebpm run has', async () => {
    const { exitCode, stdout } = await refusedCommand(['check', join(folder, 'app.wasm')], { room });
    expect(stdout).toMatch(
      /^NO {2}module {2}it exports neither "_start" nor "bpf_main": EBPM_WASM_INVALID \(proved\)\n/,
    );
    expect(stdout).toMatch(/\nWILL NOT RUN\n$/);
    expect(exitCode).toBe(4);
  });
});

describe("ebpm run, of a program's arguments", () => {
  it.each([
    ['EBPM_ARGUMENT_UNKNOWN', '--no_such_flag'],
    ['EBPM_ARGUMENT_UNKNOWN', 'word'],
    ['EBPM_ARGUMENT_INVALID', '--target_signal', '2147483648'],
    ['EBPM_ARGUMENT_INVALID', '--target_signal', '-2147483649'],
    ['EBPM_ARGUMENT_INVALID', '--target_signal', '1e400'],
    ['EBPM_ARGUMENT_INVALID', '--target_signal', '9x'],
    ['EBPM_ARGUMENT_INVALID', '--target_signal', ''],
    ['EBPM_ARGUMENT_INVALID', '--target_signal'],
    ['EBPM_ARGUMENT_INVALID', '--failed_only=maybe'],
  ])('ebpm run refuses with %s: %s %s', (code, ...args) => expectRefusal(['run', sigsnoop, ...args], code, 2));
});

describe('ebpm run, of events of which nobody knows the struct', () => {
  const twins = () => join(folder, 'twins.bpf.o');

  it('ebpm run names the structs that fit and how to choose one', async () => {
    await expectRefusal(['run', twins()], 'EBPM_EVENT_TYPE_MISSING', 1);
    const { stderr } = await runEbpm(['run', twins()], { env: { HOME: room.home } });
    expect(stderr).toContain('2 structs fit; there are event (20 bytes), twin (20 bytes)\n');
    expect(stderr).toContain('hint: Choose one: --event-type events=event\n');
  });

  it.each([
    ['EBPM_EVENT_TYPE_UNKNOWN', 'nothing'],
    ['EBPM_EVENT_TYPE_UNKNOWN', 'nowhere=event'],
    ['EBPM_USAGE_INVALID', '='],
    ['EBPM_USAGE_INVALID', 'struct *'],
  ])('ebpm run refuses with %s: --event-type %s', (code, words) =>
    expectRefusal(['run', '--event-type', words, twins()], code, 2),
  );

  it.each([
    ['EBPM_BTF_FILE_UNUSABLE', 'missing'],
    ['EBPM_BTF_FILE_UNUSABLE', 'packed.gz'],
    ['EBPM_BTF_FILE_UNUSABLE', 'fifo'],
    ['EBPM_BTF_NOT_FOUND', 'folder'],
  ])('ebpm run refuses with %s: BTF_FILE_PATH %s', (code, name) =>
    expectRefusal(['run', sigsnoop], code, 1, { env: { BTF_FILE_PATH: join(folder, name) } }),
  );
});

describe('ebpm run, of what is wanted of the events', () => {
  it.each([
    ['EBPM_FIELD_UNKNOWN', '--columns', 'pid,nope'],
    ['EBPM_FIELD_UNKNOWN', '--columns', ''],
    ['EBPM_COLUMNS_INVALID', '--columns', 'pid,pid'],
    ['EBPM_FILTER_INVALID', '--filter', 'nope == 3'],
    ['EBPM_FILTER_INVALID', '--filter', 'pid = 3'],
    ['EBPM_FILTER_INVALID', '--filter', ''],
    ['EBPM_FILTER_INVALID', '--filter', '\x1b]0;x\x07'],
    ['EBPM_FILTER_INVALID', '--filter', 'comm =~ "(a*"'],
    ['EBPM_FILTER_INVALID', '--filter', `${'('.repeat(3000)}pid`],
    ['EBPM_FIELD_UNKNOWN', '--sort', 'nope:desc'],
    ['EBPM_USAGE_INVALID', '--top', '3'],
    ['EBPM_USAGE_INVALID', '--interval', '1s'],
    ['EBPM_USAGE_INVALID', '--output', 'hex', '--columns', 'pid'],
  ])('ebpm run refuses with %s, before anything is loaded: %s %s', (code, ...flags) =>
    expectRefusal(['run', ...flags, sigsnoop], code, 2),
  );

  // The parser of the command line has its own words.
  it.each([
    ['--top', '0', '--sort', 'pid'],
    ['--output', 'xml'],
    ['--json', '--output', 'csv'],
    ['--timestamp', 'moon'],
  ])('ebpm run refuses as typed wrongly: %s %s', async (...flags) => {
    const refusal = await refusedCommand(['run', ...flags, sigsnoop], { room });
    expect(refusal).toMatchObject({ exitCode: 2, stdout: '', codes: ['EBPM_USAGE_INVALID'], changed: [] });
  });
});

describe('ebpm install, from a registry that means harm', () => {
  // It was used before, so that nothing that is known of it changes.
  beforeAll(async () => {
    const { note, key } = HOSTILE_HEAD;
    const log = new TrustedLog(join(room.home, '.local/share/ebpm'), hostile.url);
    await log.see({ note, since: undefined, key: async () => key });
    // Nor when it was last asked what was revoked, which is at most once an hour.
    await refusedCommand(['install', 'cut'], { room, env: { EBPM_REGISTRY: hostile.url } });
  });

  it.each([
    ['climbs', 'EBPM_ARCHIVE_PATH'],
    ['absolute', 'EBPM_ARCHIVE_PATH'],
    ['declares-10-gb', 'EBPM_ARCHIVE_TOO_LARGE'],
    ['sends-10-gb', 'EBPM_REGISTRY_ANSWER_INVALID'],
    ['swapped', 'EBPM_DIGEST_MISMATCH'],
    ['cut', 'EBPM_DIGEST_MISMATCH'],
    ['other-name', 'EBPM_MANIFEST_MISMATCH'],
    ['evil-words', 'EBPM_PACKAGE_NOT_FOUND'],
  ])('ebpm install refuses %s with %s, and so does ebpm run', async (name, code) => {
    const env = { EBPM_REGISTRY: hostile.url };
    await expectRefusal(['install', name], code, 1, { env });
    await expectRefusal(['run', name], code, 1, { env });
    expect(existsSync('/etc/ebpm-evil')).toBe(false);
  });
});

describe('ebpm and its registry', () => {
  const unknown = `ebpm_${'x'.repeat(43)}`;

  async function expiredToken(): Promise<string> {
    // A clock that is an hour behind makes a token that has been expired for long.
    const late = 'data:text/javascript,const%20now=Date.now;Date.now=()=>now()-3600e3';
    const place = { ...world.place, env: { NODE_OPTIONS: `--import=${late}` } };
    const { stdout } = await runRegistry(place, 'token', 'create', 'alice', '--expires', '1m');
    return stdout.trim();
  }

  it.each([['whoami'], ['publish']])('ebpm %s refuses a token that the registry does not know', (command) =>
    expectRefusal([command, ...(command === 'publish' ? [project] : [])], 'EBPM_TOKEN_INVALID', 1, {
      env: { EBPM_REGISTRY: world.registry.url, EBPM_TOKEN: unknown },
    }),
  );

  it('ebpm login keeps no token that the registry does not know', () =>
    expectRefusal(['login'], 'EBPM_TOKEN_INVALID', 1, { env: { EBPM_REGISTRY: world.registry.url }, input: unknown }));

  it('ebpm refuses a token that is no token', () =>
    expectRefusal(['login'], 'EBPM_TOKEN_MALFORMED', 2, { env: { EBPM_REGISTRY: world.registry.url }, input: 'a b' }));

  it('ebpm whoami, publish and login refuse a token that expired', async () => {
    const token = await expiredToken();
    const env = { EBPM_REGISTRY: world.registry.url };
    await expectRefusal(['whoami'], 'EBPM_TOKEN_EXPIRED', 1, { env: { ...env, EBPM_TOKEN: token } });
    await expectRefusal(['publish', project], 'EBPM_TOKEN_EXPIRED', 1, { env: { ...env, EBPM_TOKEN: token } });
    await expectRefusal(['login'], 'EBPM_TOKEN_EXPIRED', 1, { env, input: token });
  });

  it.each([['install', 'tiny'], ['run', 'tiny'], ['search', 'tiny'], ['info', 'tiny'], ['whoami']])(
    'ebpm %s %s says that the registry is down',
    (...args) =>
      expectRefusal(args, 'EBPM_REGISTRY_UNREACHABLE', 1, { env: { EBPM_REGISTRY: NO_REGISTRY, EBPM_TOKEN: unknown } }),
  );

  it.each([['install', 'tiny'], ['run', 'tiny'], ['search', 'tiny'], ['whoami']])(
    'ebpm %s %s says that no registry is configured',
    (...args) => expectRefusal(args, 'EBPM_REGISTRY_UNSET', 2),
  );
});

describe('ebpm run, where the machine does not allow it', () => {
  it('ebpm run refuses whoever is not root', () =>
    expectRefusal(['run', sigsnoop], 'EBPM_NOT_PERMITTED', 1, IS_ROOT ? { uid: NOBODY } : {}));

  describe.skipIf(!CAN_HIDE_BTF)('without BTF', () => {
    it('ebpm run says that the kernel has no BTF', () =>
      expectRefusal(['run', sigsnoop], 'EBPM_BTF_MISSING', 1, { wrapper: WITHOUT_BTF }));

    it('ebpm check says that it will not run', async () => {
      const { stdout, ...rest } = await refusedCommand(['check', sigsnoop], { room, wrapper: WITHOUT_BTF });
      expect(stdout).toMatch(/^NO {2}kernel .* it has no BTF/m);
      expect(stdout).toMatch(/\nWILL NOT RUN\n$/);
      expect(rest).toEqual({ exitCode: 4, errors: [], codes: [], raw: [], changed: [] });
    });
  });

  describe.skipIf(!CAN_ATTACH)('without the attach target', () => {
    it('ebpm run says what is missing', () =>
      expectRefusal(['run', join(folder, 'no-target')], 'EBPM_ATTACH_TARGET_MISSING', 1));

    it('ebpm check says that it will not run', async () => {
      const { stdout, ...rest } = await refusedCommand(['check', join(folder, 'no-target')], { room });
      expect(stdout).toContain('this kernel has no tracepoint "sched/no_such_tracepoint"');
      expect(stdout).toMatch(/\nWILL NOT RUN\n$/);
      expect(rest).toEqual({ exitCode: 4, errors: [], codes: [], raw: [], changed: [] });
    });
  });
});
