import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { runInLab } from '@ebpm/lab';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildExample } from '../kernels/build-example.js';
import { LAB_CACHE } from '../kernels/installation.js';
import { temporaryFolder } from '../kernels/temporary-folder.js';
import { ARCHIVE_NAME, released } from './release.js';
import { DEADLINE_MS, expectUsed, USE_EBPM } from './use-ebpm.js';

/** A user whom this machine does not know, as containers have them; for root, who else could do it himself. */
const AS_STRANGER = process.getuid?.() === 0 ? { uid: 54_321, gid: 54_321 } : {};

const folder = temporaryFolder('archive');
const tools = join(folder, 'tools');
let sigsnoop: string;

beforeAll(async () => {
  sigsnoop = await buildExample('sigsnoop', folder);
  mkdirSync(join(folder, 'home'));
  chmodSync(join(folder, 'home'), 0o777);
  chmodSync(folder, 0o755);
  execFileSync('tar', ['-xzf', released(`${ARCHIVE_NAME}.tar.gz`), '-C', join(folder, 'home')], AS_STRANGER);
  // All that a shell script needs to find itself. No node is among it.
  mkdirSync(tools);
  symlinkSync('/usr/bin/readlink', join(tools, 'readlink'));
  symlinkSync(join(folder, 'home', ARCHIVE_NAME, 'bin/ebpm'), join(tools, 'ebpm'));
  symlinkSync('ebpm', join(tools, 'link-to-a-link'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the archive with a runtime', () => {
  it.each(['ebpm', 'link-to-a-link'])('runs from where it was unpacked, without root, called as %s', (name) => {
    const version = run(name, '--version');
    expect(version).toMatchObject({ status: 0, stderr: '' });
    expect(version.stdout).toMatch(/^ebpm\/\S+ linux-x64 node-v24\.\S+ libbpf-v1\.5-static\n$/);
    const help = run(name, 'run', sigsnoop, '--help');
    expect(help).toMatchObject({ status: 0, stderr: '' });
    expect(help.stdout).toContain('--filtered_pid');
    expect(run(name, 'run', '/no/such/package')).toMatchObject({ status: 1, stdout: '' });
  });

  it('runs a program in a kernel whose system has neither node nor npm', { timeout: 2 * DEADLINE_MS }, async () => {
    const script = `for name in node npm; do command -v $name; done
      ln -s /srv/${ARCHIVE_NAME}/bin/ebpm /usr/local/bin/ebpm
      exec sh /test/use-ebpm.sh ebpm /test/sigsnoop.json`;
    const used = await runInLab({
      kernel: '6.1',
      cacheDir: LAB_CACHE,
      command: ['sh', '-c', script],
      files: {
        [`/srv/${ARCHIVE_NAME}`]: join(folder, 'home', ARCHIVE_NAME),
        '/usr/local/bin/.keep': Buffer.alloc(0),
        '/test/use-ebpm.sh': USE_EBPM,
        '/test/sigsnoop.json': sigsnoop,
      },
      node: false,
      deadlineMs: DEADLINE_MS,
    });
    expectUsed(used);
  });
});

/** In an environment that has nothing else. */
function run(name: string, ...args: readonly string[]) {
  const env = { PATH: tools, HOME: join(folder, 'home') };
  const { status, stdout, stderr } = spawnSync(name, args, { ...AS_STRANGER, env, encoding: 'utf8', timeout: 60_000 });
  return { status, stdout, stderr };
}
