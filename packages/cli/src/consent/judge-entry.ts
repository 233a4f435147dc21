import { type JudgedObject, judgedEntry } from '@ebpm/client';
import { packageFacts } from '@ebpm/object';

/** Judges the file of a package that runs; undefined where it holds no object, or several. */
export function judgeEntry(path: string, bytes: Uint8Array): JudgedObject | undefined {
  return judgedEntry(packageFacts([{ path, bytes }]), path);
}
