import { randomBytes } from 'node:crypto';
import { digestOf, packTar } from '@ebpm/formats';

const DESCRIPTION = 'Trace signals that a process sends, and who gets them. '.repeat(6).trim();

/** A package of 20.7 KB, most of it bytes that do not compress, as an object is that was compressed before. */
export function samplePackage(name, version = '1.0.0') {
  const archive = packTar([
    { path: 'ebpm.json', bytes: Buffer.from(JSON.stringify({ manifest: 1, name, version, description: DESCRIPTION })) },
    { path: 'package.json', bytes: randomBytes(17_900) },
  ]);
  return { name, version, archive, digest: digestOf(archive) };
}

/** The largest archive that is read, of so many files: 999 are the most that may be in one, and more than the log can list. */
export function worstPackage(name, count) {
  const content = randomBytes(Math.floor(19_960_000 / (count - 1)));
  const files = Array.from({ length: count - 1 }, (_, i) => ({
    path: `files/${String(i).padStart(4, '0')}`,
    bytes: content,
  }));
  const archive = packTar([
    { path: 'ebpm.json', bytes: Buffer.from(JSON.stringify({ manifest: 1, name, version: '1.0.0' })) },
    ...files,
  ]);
  return { name, version: '1.0.0', archive, digest: digestOf(archive) };
}
