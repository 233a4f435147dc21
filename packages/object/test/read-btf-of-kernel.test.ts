import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readBtf } from '../src/read-btf.js';
import { bpftoolJson, typesJson } from './bpftool-json.js';

const VMLINUX = '/sys/kernel/btf/vmlinux';

describe('readBtf() of a kernel', () => {
  test.skipIf(!existsSync(VMLINUX))('readBtf() reads all types of the running kernel as bpftool does', () => {
    const ours = typesJson(readBtf(readFileSync(VMLINUX)));
    const theirs = bpftoolJson(VMLINUX);
    const difference = firstDifference(ours, theirs);
    expect(ours.slice(difference, difference + 200)).toBe(theirs.slice(difference, difference + 200));
    expect(ours.length).toBe(theirs.length);
  });

  test.skipIf(!existsSync(VMLINUX))('readBtf() reads the BTF of the running kernel and finds task_struct in it', () => {
    const btf = readBtf(readFileSync(VMLINUX));
    const task = btf.find('task_struct', 'struct');
    expect(btf.count).toBeGreaterThan(10_000);
    expect(task).toMatchObject({ kind: 'struct', name: 'task_struct' });
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
