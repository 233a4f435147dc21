import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { digestOf } from '@ebpm/formats';
import { describe, expect, it } from 'vitest';
import { KnownProjects } from '../../src/cache/known-projects.js';
import { lockedProjects, projectsByDigest } from '../../src/cache/locked-projects.js';
import { writeLockfile } from '../../src/project/lockfile.js';
import { temporaryHome } from '../temporary-home.js';

const DIGEST = digestOf(Buffer.from('archive'));
const LOCKFILE = {
  lockfile: 1 as const,
  requires: {},
  packages: { lib: { version: '1.0.0', digest: DIGEST, registry: 'https://a.example' } },
};

describe('lockedProjects()', () => {
  it('tells projects that have a lockfile from those whose is gone, and from those whose cannot be read', async () => {
    const [home, one, other, gone, damaged] = Array.from({ length: 5 }, temporaryHome) as [
      string,
      string,
      string,
      string,
      string,
    ];
    const known = new KnownProjects(home);
    for (const folder of [one, gone, damaged]) await known.remember(folder);
    for (const folder of [one, other]) await writeLockfile(folder, LOCKFILE);
    writeFileSync(join(damaged, 'ebpm.lock'), '{');
    const { locked, ...rest } = await lockedProjects(home, [other, relative(process.cwd(), one)]);
    expect(locked).toEqual([one, other].sort().map((folder) => ({ folder, lockfile: LOCKFILE })));
    expect(rest).toMatchObject({ gone: [gone], unreadable: [{ code: 'EBPM_LOCKFILE_INVALID' }] });
    expect(rest.unreadable[0]?.message).toContain(join(damaged, 'ebpm.lock'));
    expect([...projectsByDigest(locked)]).toEqual([[DIGEST, [one, other].sort()]]);
  });
});
