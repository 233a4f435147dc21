import { describe, expect, it } from 'vitest';
import { missingForBpf, missingOf, readCapabilities } from '../src/capabilities.js';

describe('readCapabilities()', () => {
  it('readCapabilities() reads the effective ones, not the permitted', () => {
    const status = 'Name:\tnode\nCapPrm:\t000001ffffffffff\nCapEff:\t000000c000001000\nCapBnd:\t000001ffffffffff\n';
    expect([...readCapabilities(status)]).toEqual(['CAP_NET_ADMIN', 'CAP_PERFMON', 'CAP_BPF']);
  });

  it('readCapabilities() finds none where there are none, or no such line', () => {
    expect(readCapabilities('CapEff:\t0000000000000000\n').size).toBe(0);
    expect(readCapabilities('').size).toBe(0);
  });
});

describe('missingOf()', () => {
  it('missingOf() takes CAP_SYS_ADMIN for what it stands for, and for nothing else', () => {
    expect(missingOf(['CAP_BPF', 'CAP_NET_RAW'], new Set(['CAP_SYS_ADMIN']))).toEqual(['CAP_NET_RAW']);
    expect(missingOf(['CAP_BPF', 'CAP_NET_RAW'], new Set())).toEqual(['CAP_BPF', 'CAP_NET_RAW']);
  });
});

describe('missingForBpf()', () => {
  it('missingForBpf() takes CAP_SYS_ADMIN for all', () => {
    expect(missingForBpf(new Set(['CAP_SYS_ADMIN']))).toEqual([]);
    expect(missingForBpf(new Set(['CAP_BPF', 'CAP_NET_ADMIN']))).toEqual(['CAP_PERFMON']);
    expect(missingForBpf(new Set())).toEqual(['CAP_BPF', 'CAP_PERFMON', 'CAP_NET_ADMIN']);
  });
});
