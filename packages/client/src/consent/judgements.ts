import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Digest } from '@ebpm/formats';
import { MAX_APPROVAL_BYTES, MAX_KEPT_JUDGEMENTS } from '../limits.js';
import { readRegularFile } from '../read-regular-file.js';
import { refuseWrittenByOthers } from '../safe-file.js';
import { StorePaths } from '../store-paths.js';
import { type JudgedObject, keptJudgement } from './kept-judgement.js';

/** What was found out of an object that was run as a file before; undefined where nothing is kept that counts. */
export async function readJudgement(
  home: string,
  object: Digest,
  owners: readonly number[],
): Promise<JudgedObject | undefined> {
  try {
    const path = new StorePaths(home).judgement(object);
    const bytes = await readRegularFile(path, MAX_APPROVAL_BYTES, (stat) => refuseWrittenByOthers(stat, owners));
    const judged = bytes === undefined ? undefined : keptJudgement(JSON.parse(Buffer.from(bytes).toString('utf8')));
    return judged?.object === object ? judged : undefined;
  } catch {
    // Whatever is wrong with it: the object is judged again, as if nothing were there.
    return undefined;
  }
}

/**
 * Keeps what was found out of an object. It is not worth waiting for the disk: what a crash leaves is judged again. When there are many, all are forgotten.
 *
 * @throws the system's errors
 */
export function writeJudgement(home: string, judged: JudgedObject): void {
  const path = new StorePaths(home).judgement(judged.object);
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true });
  if (readdirSync(folder).length >= MAX_KEPT_JUDGEMENTS) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }
  const temporary = `${path}.${randomBytes(8).toString('hex')}.tmp`;
  writeFileSync(temporary, JSON.stringify(judged), { flag: 'wx', mode: 0o644 });
  renameSync(temporary, path);
}
