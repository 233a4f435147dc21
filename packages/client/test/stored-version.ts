import { join } from 'node:path';
import { type Digest, digestOf, type TarFile } from '@ebpm/formats';
import type { InstalledVersion } from '../src/installed.js';

/** The files of a package whose entry has the bytes `entry`. */
export const STORED_FILES: readonly TarFile[] = [
  { path: 'ebpm.json', bytes: Buffer.from('{}') },
  { path: 'include/deep/x.h', bytes: Buffer.from('x') },
  { path: 'package.json', bytes: Buffer.from('entry') },
];

const DIGEST: Digest = `sha256:${'ab'.repeat(32)}`;

/** A record of an installed version. */
export function storedRecord(changes: Partial<InstalledVersion> = {}): InstalledVersion {
  return {
    name: 'sigsnoop',
    version: '1.0.0',
    digest: DIGEST,
    registry: 'https://a.example',
    entry: { path: 'package.json', digest: digestOf(Buffer.from('entry')) },
    installedAt: '2026-01-02T03:04:05.000Z',
    ...changes,
  };
}

/** Where the files of such a record lie. */
export function storedContents(home: string): string {
  return join(home, 'packages/sha256/ab', 'ab'.repeat(31));
}
