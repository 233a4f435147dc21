import { linkSync } from 'node:fs';
import { unless } from './unless.js';

/** Gives a file another name. Whether that could be done. EXDEV and EPERM: links are not possible here. EMLINK: no more of them. */
export function isLinked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    unless('ENOENT', 'EEXIST', 'EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP')(error as NodeJS.ErrnoException);
    return false;
  }
}
