import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileGuest } from '../../packages/wasm/test/compile-guest.js';
import { EBPM } from '../kernels/installation.js';
import { temporaryFolder } from '../kernels/temporary-folder.js';

const CAN_MOUNT = process.geteuid?.() === 0 && spawnSync('unshare', ['--mount', 'true']).status === 0;

const MIRA = { uid: 4711, gid: 4712 };
const READERS = 4713;
const SUDO_OF_MIRA = { SUDO_UID: String(MIRA.uid), SUDO_GID: String(MIRA.gid), SUDO_USER: 'mira' };
/** Whom no user database knows. */
const SUDO_OF_STRANGER = { SUDO_UID: '4799', SUDO_GID: '4799', SUDO_USER: 'stranger' };

const folder = temporaryFolder('wasi-under-sudo');
const module = join(folder, 'folders.wasm');
const etc = join(folder, 'etc');
/** Folders with a file, by who may read them. */
const [own, readers, roots, behindRoots] = ['own', 'readers', 'roots', 'roots/open'].map((name) =>
  join(folder, name),
) as [string, string, string, string];

beforeAll(() => {
  if (!CAN_MOUNT) return;
  chmodSync(folder, 0o755);
  place(own, { ...MIRA, mode: 0o700 });
  place(readers, { uid: 0, gid: READERS, mode: 0o750 });
  place(roots, { uid: 0, gid: 0, mode: 0o700 });
  place(behindRoots, { uid: 0, gid: 0, mode: 0o755 });
  mkdirSync(etc);
  const passwd = `mira:x:${MIRA.uid}:${MIRA.gid}::/nonexistent:/bin/sh\n`;
  writeFileSync(join(etc, 'passwd'), `${readFileSync('/etc/passwd', 'utf8')}${passwd}`);
  writeFileSync(join(etc, 'group'), `${readFileSync('/etc/group', 'utf8')}readers:x:${READERS}:mira\n`);
  writeFileSync(module, compileGuest('test/e2e/fixtures/folders.c'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function place(
  path: string,
  { uid, gid, mode }: { readonly uid: number; readonly gid: number; readonly mode: number },
) {
  mkdirSync(path);
  writeFileSync(join(path, 'file'), 'what is in it');
  for (const [each, bits] of [
    [path, mode],
    [join(path, 'file'), mode & 0o666],
  ] as const) {
    chownSync(each, uid, gid);
    chmodSync(each, bits);
  }
}

/** A run of root, of sudo where `env` says so, in which the guest is given these folders; it is ended when the guest waits. */
async function give(folders: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const allow = folders.map((path) => `wasi:dir=${path}`).join(',');
  const words = [process.execPath, EBPM, 'run', ...(allow === '' ? [] : [`--allow=${allow}`]), module, ...folders];
  const script = 'mount --bind "$0" /etc && exec "$@"';
  const run = spawn('unshare', ['--mount', 'sh', '-c', script, etc, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', EBPM_HOME: join(folder, 'home'), ...env },
  });
  const closed = once(run, 'close');
  const stderr = text(run.stderr);
  let threads: readonly Status[] = [];
  let stdout = '';
  run.stdout.setEncoding('utf8').on('data', (piece: string) => {
    stdout += piece;
    if (!stdout.endsWith('ready\n')) return;
    threads = threadsOfGuest(run);
    run.kill('SIGINT');
  });
  const [exitCode] = await closed;
  return { exitCode, lines: stdout.split('\n').slice(0, -1), stderr: await stderr, threads };
}

type Status = Readonly<Record<string, string>>;

function threadsOfGuest({ pid }: ChildProcess): readonly Status[] {
  const guest = readdirSync('/proc').find(
    (name) => /^\d+$/.test(name) && statusOf(`/proc/${name}/status`)['PPid'] === String(pid),
  );
  return readdirSync(`/proc/${guest}/task`).map((tid) => statusOf(`/proc/${guest}/task/${tid}/status`));
}

/** Empty for what has ended meanwhile. */
function statusOf(path: string): Status {
  const found = spawnSync('cat', [path], { encoding: 'utf8' }).stdout;
  return Object.fromEntries(found.split('\n').map((line) => line.split(/:\s*/, 2).map((part) => part.trim())));
}

const four = (id: number) => Array.from({ length: 4 }, () => id).join('\t');
const WITHOUT_RIGHTS = {
  CapInh: '0000000000000000',
  CapPrm: '0000000000000000',
  CapEff: '0000000000000000',
  CapAmb: '0000000000000000',
  NoNewPrivs: '1',
};

describe.runIf(CAN_MOUNT)('ebpm run of a module that is given folders', () => {
  it('under sudo opens them as the user who typed it, supplementary groups included, and so does the module what is in them', async () => {
    const { lines, exitCode } = await give([own, readers], SUDO_OF_MIRA);
    expect(lines).toEqual([
      `${own} has file`,
      `${own}/file: what is in it`,
      `${readers} has file`,
      `${readers}/file: what is in it`,
      'ready',
    ]);
    expect(exitCode).toBe(130);
  });

  it('under sudo makes every thread of the module’s process that user, with his groups and without rights', async () => {
    const { threads } = await give([], SUDO_OF_MIRA);
    expect(threads.length).toBeGreaterThan(1);
    for (const thread of threads) {
      expect(thread).toMatchObject({ Uid: four(MIRA.uid), Gid: four(MIRA.gid), ...WITHOUT_RIGHTS });
      expect(thread['Groups']?.split(' ')).toEqual([String(MIRA.gid), String(READERS)]);
    }
  });

  it.each([
    ['that root alone may read', SUDO_OF_MIRA, roots, 'mira'],
    ['behind one that root alone may enter', SUDO_OF_MIRA, behindRoots, 'mira'],
    ['of mira to a user whom nobody knows', SUDO_OF_STRANGER, own, 'nobody'],
  ])('under sudo refuses a folder %s, in one error', async (_, env, path, user) => {
    const { lines, stderr, exitCode, threads } = await give([path], env);
    expect(stderr).toBe(
      [
        `error: Cannot give the folder "${path}" to the module as user "${user}": EACCES: permission denied, open '${path}'`,
        `hint: It gets what "${user}" could open: see who may enter it`,
        'code: EBPM_FILE_UNREADABLE\n',
      ].join('\n'),
    );
    expect({ lines, exitCode, threads }).toEqual({ lines: [], exitCode: 1, threads: [] });
  });

  it('of root without sudo opens what root has named, and the module opens as nobody what is in it', async () => {
    const { lines, threads } = await give([roots, behindRoots]);
    expect(lines).toEqual([
      `${roots} has file`,
      `${roots} has open`,
      `${roots}/file: Permission denied`,
      `${behindRoots} has file`,
      `${behindRoots}/file: what is in it`,
      'ready',
    ]);
    for (const thread of threads) {
      expect(thread).toMatchObject({ Uid: four(65534), Gid: four(65534), Groups: '', ...WITHOUT_RIGHTS });
    }
  });
});
