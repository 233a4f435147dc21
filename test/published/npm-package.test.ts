import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runInLab } from '@ebpm/lab';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildExample } from '../kernels/build-example.js';
import { LAB_CACHE } from '../kernels/installation.js';
import { temporaryFolder } from '../kernels/temporary-folder.js';
import { minimalDebian } from './minimal-debian.js';
import { NPM_PACKAGE, released } from './release.js';
import { DEADLINE_MS, expectUsed, USE_EBPM } from './use-ebpm.js';

const PREFIX = '/opt/prefix';
const folder = temporaryFolder('npm-package');
const system = join(folder, 'system');
let sigsnoop: string;

beforeAll(async () => {
  sigsnoop = await buildExample('sigsnoop', folder);
  cpSync(minimalDebian(), system, { recursive: true, verbatimSymlinks: true });
  putNode(join(system, 'usr/local'));
  cpSync(released(NPM_PACKAGE), join(system, 'ebpm.tgz'));
});
afterAll(() => rmSync(folder, { recursive: true }));

// chroot(2) is for root.
describe.runIf(process.getuid?.() === 0)('the npm package', () => {
  it('installs into an empty prefix of a system with no compiler, no headers and no libbpf, without a network', () => {
    const strangers = readdirSync(minimalDebian(), { recursive: true, encoding: 'utf8' }).filter((path) =>
      /bin\/(?:cc|gcc|g\+\+|c\+\+|clang|make|python3)$|\.h$|\/lib(?:bpf|elf)\b/.test(path),
    );
    expect(strangers).toEqual([]);
    const { status, stdout, stderr } = inside(
      'npm',
      'install',
      '--global',
      '--offline',
      '--prefix',
      PREFIX,
      '/ebpm.tgz',
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('added 1 package');
    expect(readdirSync(join(system, PREFIX, 'lib/node_modules'))).toEqual(['ebpm']);
  });

  it('brings everything along: it depends on no other package and runs no script', () => {
    const manifest = JSON.parse(readFileSync(join(system, PREFIX, 'lib/node_modules/ebpm/package.json'), 'utf8'));
    expect(Object.keys(manifest).filter((key) => /dependencies|scripts/i.test(key))).toEqual([]);
  });

  it('runs a program in a kernel there', { timeout: 2 * DEADLINE_MS }, async () => {
    cpSync(USE_EBPM, join(system, 'use-ebpm.sh'));
    cpSync(sigsnoop, join(system, 'sigsnoop.json'));
    const archive = join(folder, 'system.tar');
    execFileSync('tar', ['-cf', archive, '--exclude=./usr/local/lib/node_modules', '-C', system, '.']);
    const script = `mkdir /system && tar -xf /system.tar -C /system
      for name in dev proc sys; do mount -o rbind /$name /system/$name; done
      exec chroot /system /bin/sh /use-ebpm.sh ${PREFIX}/bin/ebpm /sigsnoop.json`;
    const used = await runInLab({
      kernel: '6.12',
      cacheDir: LAB_CACHE,
      command: ['sh', '-c', script],
      files: { '/system.tar': archive },
      libraries: 'none',
      node: false,
      deadlineMs: DEADLINE_MS,
    });
    expectUsed(used);
  });
});

/** Node and npm as this machine has them: the two that a user brings along. */
function putNode(prefix: string): void {
  const npm = realpathSync(execFileSync('which', ['npm'], { encoding: 'utf8' }).trim());
  mkdirSync(join(prefix, 'bin'), { recursive: true });
  cpSync(process.execPath, join(prefix, 'bin/node'));
  cpSync(dirname(dirname(npm)), join(prefix, 'lib/node_modules/npm'), { recursive: true });
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(prefix, 'bin/npm'));
}

function inside(...command: readonly string[]) {
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: '/root' };
  return spawnSync('/usr/sbin/chroot', [system, ...command], { env, encoding: 'utf8', timeout: 60_000 });
}
