import { chmodSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf } from '@ebpm/formats';
import { describe, expect, test } from 'vitest';
import { readJudgement, writeJudgement } from '../../src/consent/judgements.js';
import { type JudgedObject, TABLE_VERSIONS } from '../../src/consent/kept-judgement.js';
import { MAX_KEPT_JUDGEMENTS } from '../../src/limits.js';
import { temporaryHome } from '../temporary-home.js';

const ME = process.geteuid?.() ?? 0;

function judged(text: string): JudgedObject {
  const asks = { 'reads-user-memory': ['uprobe/a:f'] };
  return { ...TABLE_VERSIONS, object: digestOf(Buffer.from(text)), classes: ['reads-user-memory'], asks };
}

const ONE = judged('one');
const fileIn = (home: string, { object }: JudgedObject) =>
  join(home, 'judged', `${object.slice('sha256:'.length)}.json`);

describe('judgements', () => {
  test('readJudgement() gives what writeJudgement() has kept of that object', async () => {
    const home = join(temporaryHome(), 'new');
    expect(await readJudgement(home, ONE.object, [ME])).toBe(undefined);
    writeJudgement(home, ONE);
    writeJudgement(home, ONE);
    expect(await readJudgement(home, ONE.object, [ME])).toEqual(ONE);
    expect(await readJudgement(home, judged('other').object, [ME])).toBe(undefined);
    expect(readdirSync(join(home, 'judged'))).toHaveLength(1);
    expect(statSync(fileIn(home, ONE)).mode & 0o022).toBe(0);
  });

  test('readJudgement() has it judged again where others could have written, or it is of other tables or another object', async () => {
    const home = temporaryHome();
    writeJudgement(home, ONE);
    expect(await readJudgement(home, ONE.object, [ME + 1])).toBe(undefined);
    chmodSync(fileIn(home, ONE), 0o666);
    expect(await readJudgement(home, ONE.object, [ME])).toBe(undefined);
    chmodSync(fileIn(home, ONE), 0o644);
    for (const text of ['', '{', 'null', JSON.stringify(judged('other')), JSON.stringify({ ...ONE, table: 0 })]) {
      writeFileSync(fileIn(home, ONE), text);
      expect(await readJudgement(home, ONE.object, [ME])).toBe(undefined);
    }
  });

  test('writeJudgement() forgets all when there are many', async () => {
    const home = temporaryHome();
    writeJudgement(home, ONE);
    for (let n = 1; n < MAX_KEPT_JUDGEMENTS; n++) writeFileSync(join(home, 'judged', `${n}`), '');
    writeJudgement(home, judged('last'));
    expect(readdirSync(join(home, 'judged'))).toHaveLength(1);
    expect(await readJudgement(home, judged('last').object, [ME])).toEqual(judged('last'));
  });
});
