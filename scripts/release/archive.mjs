import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ROOT, runStep, say } from '../run-step.mjs';
import { DIST } from './stage.mjs';

/** Nothing of who packed it and when: equal files make equal archives. */
const PLAIN = [
  '--sort=name',
  '--format=gnu',
  '--mtime=@0',
  '--owner=0',
  '--group=0',
  '--numeric-owner',
  '--mode=u=rwX,go=rX',
];

/**
 * Packs a folder into `dist/NAME.tar.gz`, below a folder of its own name, and gives the path. gzip, since a minimal system has
 * no xz.
 */
export function archive(folder) {
  const path = join(DIST, `${basename(folder)}.tar.gz`);
  runStep('tar', [...PLAIN, '--use-compress-program=gzip -9 -n', '-cf', path, '-C', dirname(folder), basename(folder)]);
  say(`${path.slice(ROOT.length)}: ${(statSync(path).size / 1e6).toFixed(1)} MB, sha256:${digest(path)}`);
  return path;
}

/** The SHA-256 of a file, in hex. */
export function digest(path) {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
