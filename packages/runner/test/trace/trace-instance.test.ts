import { existsSync, mkdirSync, readdirSync, rmdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { TraceInstance } from '../../src/trace/trace-instance.js';

const INSTANCES = '/sys/kernel/tracing/instances';
const hasTracefs = process.getuid?.() === 0 && existsSync(INSTANCES);

function ours(): readonly string[] {
  return readdirSync(INSTANCES).filter((name) => name.startsWith(`ebpm-${process.pid}-`));
}

describe('TraceInstance', () => {
  it('TraceInstance.open() says where tracefs has to be', () => {
    expect(() => TraceInstance.open(['/no/such/folder'])).toThrow(
      expect.objectContaining({ code: 'EBPM_TRACE_UNREADABLE', hint: expect.stringContaining('mount -t tracefs') }),
    );
  });

  it.runIf(hasTracefs)('TraceInstance.open() makes an instance, which close() removes', () => {
    const instance = TraceInstance.open();
    expect(ours().length).toBe(1);
    expect(instance.read()).toBe('');
    instance.close();
    instance.close();
    expect(ours()).toEqual([]);
    expect(instance.read()).toBe('');
  });

  it.runIf(hasTracefs)('TraceInstance.open() removes what a killed process left, and nothing else', () => {
    // No process has this number, and this one has not started at that time.
    const left = ['ebpm-4194305-1', `ebpm-${process.pid}-1`];
    const others = [`ebpm-other-${process.pid}`];
    for (const name of [...left, ...others]) mkdirSync(`${INSTANCES}/${name}`);
    try {
      TraceInstance.open().close();
      const names = readdirSync(INSTANCES);
      expect(left.filter((name) => names.includes(name))).toEqual([]);
      expect(others.filter((name) => names.includes(name))).toEqual(others);
    } finally {
      for (const name of others) rmdirSync(`${INSTANCES}/${name}`);
    }
  });
});
