import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Digest, digestOf, packTar } from '@ebpm/formats';
import type { InstalledVersion } from '../src/installed.js';
import { joinVersionFile } from '../src/version-file.js';

/** The archive of a package whose entry has the bytes `entry`. */
export const STORED_ARCHIVE = packTar([
  { path: 'ebpm.json', bytes: Buffer.from('{}') },
  { path: 'include/deep/x.h', bytes: Buffer.from('x') },
  { path: 'package.json', bytes: Buffer.from('entry') },
]);

const DIGEST: Digest = digestOf(STORED_ARCHIVE);

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

/** Where such a version lies once it is installed. */
export function storedPackage(home: string): string {
  return join(home, 'installed/sigsnoop@1.0.0.tar');
}

/** Writes another record behind the archive of such a version. */
export function replaceRecord(home: string, record: string): void {
  mkdirSync(join(home, 'installed'), { recursive: true });
  writeFileSync(storedPackage(home), joinVersionFile(STORED_ARCHIVE, record));
}

/** Where it lies to be installed from. */
export function storedArchive(home: string): string {
  const hex = DIGEST.slice('sha256:'.length);
  return join(home, 'packages/sha256', hex.slice(0, 2), `${hex.slice(2)}.tar`);
}
