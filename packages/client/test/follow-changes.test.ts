import type { ApiChanges } from '@ebpm/schemas';
import { expect, test } from 'vitest';
import { followChanges } from '../src/follow-changes.js';

const change = (id: string) => ({ id, type: 'publish', name: 'x', time: '2026-01-01T00:00:00.000Z' });

/** A registry that has one more change at every third question. */
function growing() {
  const asked: (string | undefined)[] = [];
  const read = async (after: string | undefined): Promise<ApiChanges> => {
    asked.push(after);
    const seq = Math.floor(asked.length / 3) + 1;
    const isNew = after !== `${seq}-0`;
    return { changes: isNew ? [change(`${seq}-0`)] : [], next: `${seq}-0`, isEnd: true };
  };
  return { asked, read };
}

test('followChanges() gives each change once, asking from where the last answer ended, until it is told to end', async () => {
  const { asked, read } = growing();
  const ending = new AbortController();
  const seen: string[] = [];
  for await (const { id } of followChanges(read, { pauseMs: 1, signal: ending.signal })) {
    seen.push(id);
    if (seen.length === 3) ending.abort();
  }
  expect(seen).toEqual(['1-0', '2-0', '3-0']);
  expect(asked).toEqual([undefined, '1-0', '1-0', '2-0', '2-0', '2-0']);
});

test('followChanges() reads on at once while there is more, and fails as the registry does', async () => {
  const pages = [
    { changes: [change('1-0')], next: '1-0', isEnd: false },
    { changes: [change('2-0')], next: '2-0', isEnd: false },
  ];
  const read = async () => pages.shift() ?? Promise.reject(new Error('gone'));
  const seen: string[] = [];
  const follow = async () => {
    for await (const { id } of followChanges(read, { pauseMs: 3_600_000 })) seen.push(id);
  };
  await expect(follow()).rejects.toThrow('gone');
  expect(seen).toEqual(['1-0', '2-0']);
});
