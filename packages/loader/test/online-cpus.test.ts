import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { onlineCpus, parseCpuList } from '../src/online-cpus.js';

describe('parseCpuList()', () => {
  it.each([
    ['0\n', [0]],
    ['0-3\n', [0, 1, 2, 3]],
    ['0-1,4,6-7\n', [0, 1, 4, 6, 7]],
    ['\n', []],
  ])('parseCpuList() reads %j', (text, cpus) => {
    expect(parseCpuList(text)).toEqual(cpus);
  });
});

describe('onlineCpus()', () => {
  it('onlineCpus() lists at least those that this process may use', () => {
    expect(onlineCpus().length).toBeGreaterThanOrEqual(availableParallelism());
  });
});
