import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KeptAnswers, parseAnswers } from '../../src/check/kept-answers.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ebpm-answers-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Asks two questions, and says which of them reached the kernel. */
function asked(boot = 'this'): readonly string[] {
  const reached: string[] = [];
  const answers = new KeptAnswers(folder, boot);
  const ask = (question: string, answer: boolean | undefined) =>
    answers.ask(question, () => {
      reached.push(question);
      return answer;
    });
  expect([ask('has', true), ask('has', true), ask('lacks', false), ask('open', undefined)]).toEqual([
    true,
    true,
    false,
    undefined,
  ]);
  answers.keep();
  return reached;
}

const file = () => join(folder, 'answers.json');

describe('KeptAnswers', () => {
  it('KeptAnswers asks once in a boot, and again what was left open', () => {
    expect(asked()).toEqual(['has', 'lacks', 'open']);
    expect(asked()).toEqual(['open']);
    expect(asked('another')).toEqual(['has', 'lacks', 'open']);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
  });

  it('KeptAnswers does not keep what a policy forbids, which may change', () => {
    const answers = new KeptAnswers(folder, 'this');
    answers.ask('x', () => ({ allowed: false, reason: 'EPERM', isPolicy: true }));
    answers.ask('y', () => ({ allowed: false, reason: 'unknown func' }));
    answers.keep();
    expect(Object.keys(JSON.parse(readFileSync(file(), 'utf8')).answers)).toEqual(['y']);
  });

  it.each<[string, () => void]>([
    ['a file that others may write to', () => chmodSync(file(), 0o666)],
    ['a folder that others may write to', () => chmodSync(folder, 0o777)],
    ['no JSON', () => writeFileSync(file(), '{"boot":')],
    ['answers that are none', () => writeFileSync(file(), '{"boot":"this","answers":{"has":"yes"}}')],
    ['far too much', () => writeFileSync(file(), ' '.repeat(2 * 1024 * 1024))],
    [
      'a link',
      () => {
        writeFileSync(`${file()}.real`, readFileSync(file()));
        rmSync(file());
        symlinkSync(`${file()}.real`, file());
      },
    ],
  ])('KeptAnswers asks again where it finds %s', (_, spoil) => {
    asked();
    spoil();
    expect(asked()).toEqual(['has', 'lacks', 'open']);
    chmodSync(folder, 0o700);
  });

  it('KeptAnswers goes on where nothing can be written', () => {
    const answers = new KeptAnswers('/dev/null/folder', 'this');
    expect(answers.ask('has', () => true)).toBe(true);
    expect(() => answers.keep()).not.toThrow();
  });
});

describe('parseAnswers()', () => {
  it('parseAnswers() takes answers to both kinds of questions', () => {
    const text = JSON.stringify({
      boot: 'b',
      answers: { one: true, two: { allowed: false, reason: 'no' }, three: { allowed: true } },
    });
    expect(parseAnswers(text, 'b')?.size).toBe(3);
    expect(parseAnswers(text, 'c')).toBeUndefined();
  });
});
