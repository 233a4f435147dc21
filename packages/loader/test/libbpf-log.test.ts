import { describe, expect, it } from 'vitest';
import { readLibbpfLog } from '../src/libbpf-log.js';

describe('readLibbpfLog()', () => {
  it('readLibbpfLog() parts the verifier log from what libbpf says itself', () => {
    const text = [
      "libbpf: prog 'trace': BPF program load failed: Permission denied",
      "libbpf: prog 'trace': -- BEGIN PROG LOAD LOG --",
      '0: (95) exit',
      'R0 !read_ok',
      '-- END PROG LOAD LOG --',
      "libbpf: prog 'trace': failed to load: -13",
      "libbpf: failed to load object 'x'",
      '',
    ].join('\n');
    expect(readLibbpfLog(text)).toEqual({
      program: 'trace',
      verifierLog: '0: (95) exit\nR0 !read_ok',
      messages: ["prog 'trace': BPF program load failed: Permission denied"],
    });
  });

  it('readLibbpfLog() keeps only the last 12 messages', () => {
    const text = Array.from({ length: 50 }, (_, index) => `libbpf: warning ${index}\n`).join('');
    expect(readLibbpfLog(text).messages).toEqual(Array.from({ length: 12 }, (_, index) => `warning ${index + 38}`));
  });

  it('readLibbpfLog() gives nothing for an empty log', () => {
    expect(readLibbpfLog('')).toEqual({ program: undefined, verifierLog: undefined, messages: [] });
  });
});
