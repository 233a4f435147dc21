import { packTar } from '@ebpm/formats';
import { describe, expect, test } from 'vitest';
import { openArchive } from '../src/open-archive.js';
import { refused } from './refused.js';
import { samplePackage } from './sample-package.js';

const WANTED = { name: 'sigsnoop', version: '1.0.0' };

describe('openArchive()', () => {
  test('openArchive() gives manifest and files; build metadata makes no other version', () => {
    const { archive } = samplePackage({ version: '1.0.0+b1' });
    const { manifest, files } = openArchive(archive, WANTED);
    expect(manifest).toMatchObject({ name: 'sigsnoop', version: '1.0.0+b1' });
    expect(files.map(({ path }) => path)).toEqual(['ebpm.json', 'package.json']);
  });

  test.each([{ name: 'other' }, { version: '1.0.1' }])('openArchive() refuses an archive of %o', (other) => {
    const { archive } = samplePackage(other);
    expect(() => openArchive(archive, WANTED)).toThrow(refused('EBPM_MANIFEST_MISMATCH') as Error);
  });

  test('openArchive() refuses an archive without a manifest, and what is no archive', () => {
    const bare = packTar([{ path: 'package.json', bytes: Buffer.from('x') }]);
    expect(() => openArchive(bare, WANTED)).toThrow(refused('EBPM_MANIFEST_MISSING') as Error);
    expect(() => openArchive(Buffer.from('junk'), WANTED)).toThrow(refused('EBPM_ARCHIVE_TRUNCATED') as Error);
  });
});
