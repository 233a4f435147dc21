import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Btf } from '../src/btf.js';
import { readBtf } from '../src/read-btf.js';
import { bpftoolJson, typesJson } from './bpftool-json.js';

const VMLINUX = '/sys/kernel/btf/vmlinux';

describe.skipIf(!existsSync(VMLINUX))('readBtf() of the running kernel', () => {
  let btf: Btf;
  beforeAll(() => {
    btf = readBtf(readFileSync(VMLINUX));
  });

  test('readBtf() reads all types of the kernel as bpftool does', () => {
    const ours = typesJson(btf);
    const theirs = bpftoolJson(VMLINUX);
    const difference = firstDifference(ours, theirs);
    expect(ours.slice(difference, difference + 200)).toBe(theirs.slice(difference, difference + 200));
    expect(ours.length).toBe(theirs.length);
  }, 60_000);

  test('find() finds types among the hundred thousand of a kernel', () => {
    const task = btf.find('task_struct', 'struct');
    expect(btf.count).toBeGreaterThan(10_000);
    expect(task?.kind === 'struct' && task.members.some(({ name }) => name === 'pid')).toBe(true);
    expect(btf.find('vfs_read', 'func')).toMatchObject({ kind: 'func', linkage: 'static' });
  });
});

function firstDifference(left: string, right: string): number {
  if (left === right) return left.length;
  let index = 0;
  while (left[index] === right[index]) index++;
  return index;
}
