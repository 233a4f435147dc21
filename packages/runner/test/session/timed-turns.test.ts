import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { TimedTurns } from '../../src/session/timed-turns.js';

describe('TimedTurns', () => {
  it('TimedTurns takes turns until it is ended, and says once that it was', async () => {
    let taken = 0;
    const turns = new TimedTurns(1, () => {
      taken += 1;
    });
    while (taken < 3) await sleep(1);
    expect([turns.end(), turns.end()]).toEqual([true, false]);
    await turns.done;
    const before = taken;
    await sleep(20);
    expect(taken).toBe(before);
  });

  it('TimedTurns takes none between pause and resume', async () => {
    let taken = 0;
    const turns = new TimedTurns(1, () => {
      taken += 1;
    });
    turns.pause();
    await sleep(20);
    expect(taken).toBe(0);
    turns.resume();
    while (taken === 0) await sleep(1);
    turns.end();
  });

  it('TimedTurns rejects with what a turn threw, releases first, and takes no further one', async () => {
    const said: string[] = [];
    const turns = new TimedTurns(
      1,
      () => {
        said.push('turn');
        throw new Error('gone');
      },
      () => void said.push('released'),
    );
    await expect(turns.done).rejects.toThrow('gone');
    await sleep(20);
    expect(said).toEqual(['turn', 'released']);
    expect(turns.end()).toBe(false);
  });
});
