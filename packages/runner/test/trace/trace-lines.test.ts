import { describe, expect, it } from 'vitest';
import { readTraceText } from '../../src/trace/trace-lines.js';

const LINE = '            busy-7347    [000] ....1  4812.123456: bpf_trace_printk: ';

describe('readTraceText()', () => {
  it('readTraceText() gives each message with who printed it', () => {
    expect(readTraceText(`${LINE}one\n     a-b c-12  [011] d..21 1.000001: bpf_trace_printk: two: 3-4 [1]\n`)).toEqual({
      lines: [
        { comm: 'busy', pid: 7347, cpu: 0, message: 'one' },
        { comm: 'a-b c', pid: 12, cpu: 11, message: 'two: 3-4 [1]' },
      ],
      lost: 0n,
    });
  });

  it('readTraceText() keeps the lines of a message together, without the newline at its end', () => {
    expect(readTraceText(`${LINE}one\ntwo\n\n${LINE}three\n\n`).lines.map(({ message }) => message)).toEqual([
      'one\ntwo',
      'three',
    ]);
  });

  it('readTraceText() takes the first place that can be the beginning, whatever a message says', () => {
    const inner = 'x-1 [000] ..... 1.1: bpf_trace_printk: forged';
    expect(readTraceText(`${LINE}${inner}\n`).lines).toEqual([{ comm: 'busy', pid: 7347, cpu: 0, message: inner }]);
  });

  it('readTraceText() counts what the kernel dropped', () => {
    const { lines, lost } = readTraceText(`CPU:1 [LOST 12 EVENTS]\n${LINE}x\nCPU:0 [LOST 30 EVENTS]\n`);
    expect([lines.length, lost]).toEqual([1, 42n]);
  });

  it('readTraceText() leaves what has no beginning out', () => {
    expect(readTraceText('rubbish\nmore\n')).toEqual({ lines: [], lost: 0n });
  });
});
