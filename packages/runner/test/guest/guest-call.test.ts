import { describe, expect, it } from 'vitest';
import { guestCall } from '../../src/guest/guest-call.js';

describe('guestCall()', () => {
  it.each([
    [{ call: 'load', name: 'guest', values: [] }],
    [{ call: 'load', name: 'guest', values: [{ section: '.rodata', offsetBytes: 4, bytes: 'AAAA' }] }],
    [{ call: 'attach', object: 1, program: 'p' }],
    [{ call: 'attach', object: 1, program: 'p', target: '/sys/fs/cgroup' }],
    [{ call: 'attach', object: 1, program: 'p', folder: 0 }],
    [{ call: 'attach', object: 1, program: 'p', folder: null }],
    [{ call: 'perf', object: 1, map: 'events' }],
    [{ call: 'close', object: 1 }],
    [{ call: 'tool-start', name: '@acme/execs', args: [] }],
    [{ call: 'tool-start', name: 'execs', args: ['--pid', '', 'ä'] }],
    [{ call: 'tool-stop', tool: 1 }],
  ])('guestCall() takes %j as it is', (header) => {
    expect(guestCall(header)).toEqual(header);
  });

  it.each([
    [null],
    [[]],
    [{}],
    [{ call: 'reboot', object: 1 }],
    [{ call: 'load', name: '' }],
    [{ call: 'load', name: 'a\0b' }],
    [{ call: 'load', name: 'x'.repeat(256) }],
    [{ call: 'load', name: 'x', values: {} }],
    [{ call: 'load', name: 'x', values: [{ section: '.rodata', offsetBytes: -1, bytes: '' }] }],
    [{ call: 'load', name: 'x', values: [null] }],
    [{ call: 'attach', object: 1.5, program: 'p' }],
    [{ call: 'attach', object: 1, program: 1 }],
    [{ call: 'attach', object: 1, program: 'p', target: 'x'.repeat(5000) }],
    [{ call: 'attach', object: 1, program: 'p', folder: -1 }],
    [{ call: 'perf', object: 1 }],
    [{ call: 'close', object: '1' }],
    [{ call: 'tool-start', name: 'execs' }],
    [{ call: 'tool-start', name: 'x'.repeat(256), args: [] }],
    [{ call: 'tool-start', name: 'execs', args: [1] }],
    [{ call: 'tool-start', name: 'execs', args: ['a\0b'] }],
    [{ call: 'tool-start', name: 'execs', args: ['x'.repeat(70_000)] }],
    [{ call: 'tool-stop' }],
    [{ call: 'tool-stop', tool: -1 }],
  ])('guestCall() refuses %j', (header) => {
    expect(guestCall(header)).toBeUndefined();
  });

  it('guestCall() leaves out of a last word what makes no sense in it', () => {
    const end = {
      call: 'end',
      exitCode: -1,
      fault: { code: 1 },
      stopped: 'yes',
      buffers: [{ map: 'm' }, 7],
      shown: 'x',
    };
    expect(guestCall(end)).toEqual({ call: 'end', buffers: [], shown: 0 });
    const total = { object: 1, map: 'm', kind: 'ring buffer', delivered: 3, lost: null };
    expect(guestCall({ call: 'end', exitCode: 7, buffers: [total], shown: 2 })).toEqual({
      call: 'end',
      exitCode: 7,
      buffers: [total],
      shown: 2,
    });
  });

  it.each(['told', 'enough', 'unread'])('guestCall() takes %s for why a guest was unwound', (stopped) => {
    const end = { call: 'end', stopped, buffers: [], shown: 0 };
    expect(guestCall(end)).toEqual(end);
  });

  it('guestCall() takes of a fault its code, its message and its hint, and of each as much as is shown', () => {
    const end = { call: 'end', buffers: [], shown: 0 };
    const fault = { code: 'EBPM_WASM_TRAP', message: 'x'.repeat(3000), hint: 'y'.repeat(3000), stack: 'z' };
    expect(guestCall({ ...end, fault })).toEqual({
      ...end,
      fault: { code: 'EBPM_WASM_TRAP', message: 'x'.repeat(2000), hint: 'y'.repeat(2000) },
    });
    const { hint, ...bare } = { ...fault, message: 'x' };
    expect(guestCall({ ...end, fault: { ...bare, hint: 7 } })).toEqual({
      ...end,
      fault: { code: bare.code, message: 'x' },
    });
  });
});
