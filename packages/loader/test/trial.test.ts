import { describe, expect, it } from 'vitest';
import { effectiveCapabilities, missingForBpf } from '../src/capabilities.js';
import { probeAttachment, probeHelper, probeKernelFunction, readAnswer } from '../src/trial.js';

const privileged = missingForBpf(effectiveCapabilities()).length === 0;
const SOCKET_FILTER = { type: 1, expectedAttachType: 0, attachBtfId: 0, sleepable: false, license: 'GPL' };
const TRACEPOINT = { ...SOCKET_FILTER, type: 5 };
const GET_CURRENT_PID_TGID = 14;
const TRACE_PRINTK = 6;
const SKB_LOAD_BYTES = 26;

describe.runIf(privileged)('trials', () => {
  it('probeHelper() tells what each type of program may call', () => {
    expect(probeHelper(TRACEPOINT, GET_CURRENT_PID_TGID)).toEqual({ allowed: true });
    expect(probeHelper(SOCKET_FILTER, SKB_LOAD_BYTES)).toEqual({ allowed: true });
    expect(probeHelper(TRACEPOINT, SKB_LOAD_BYTES)).toMatchObject({ allowed: false });
    expect(probeHelper(TRACEPOINT, 60_000)).toMatchObject({ allowed: false, reason: expect.stringContaining('60000') });
  });

  it('probeHelper() tells that a helper is for programs under the GPL', () => {
    expect(probeHelper({ ...TRACEPOINT, license: 'MIT' }, TRACE_PRINTK)).toMatchObject({
      allowed: false,
      reason: expect.stringContaining('GPL'),
    });
    expect(probeHelper({ ...TRACEPOINT, license: 'MIT' }, GET_CURRENT_PID_TGID)).toEqual({ allowed: true });
  });

  it('probeKernelFunction() refuses what is no function', () => {
    expect(probeKernelFunction(TRACEPOINT, 1)).toMatchObject({ allowed: false });
  });

  it('probeAttachment() tells that a type of program may not sleep', () => {
    expect(probeAttachment(TRACEPOINT)).toEqual({ allowed: true });
    expect(probeAttachment({ ...TRACEPOINT, sleepable: true })).toMatchObject({ allowed: false });
  });
});

describe('readAnswer()', () => {
  const call = '0: R1=ctx() R10=fp0\n0: (85) call bpf_sys_bpf#166\n';
  it.each([
    ['an unknown helper', `${call}unknown func bpf_sys_bpf#166\n`, 'unknown func bpf_sys_bpf#166'],
    [
      'a helper of another type',
      `${call}program of this type cannot use helper bpf_sys_bpf#166\n`,
      'program of this type cannot use helper bpf_sys_bpf#166',
    ],
    [
      'a kernel function',
      '0: R1=ctx() R10=fp0\n0: (85) call bpf_x#9\ncalling kernel function bpf_x is not allowed\n',
      'calling kernel function bpf_x is not allowed',
    ],
  ])('readAnswer() finds the refusal of %s', (_, log, reason) => {
    expect(readAnswer(22, log)).toEqual({ allowed: false, reason });
  });

  it('readAnswer() takes what is said of arguments for a call that is allowed', () => {
    expect(readAnswer(13, `${call}R1 type=ctx expected=fp\nprocessed 1 insns\n`)).toEqual({ allowed: true });
    expect(readAnswer(0, '')).toEqual({ allowed: true });
  });

  it('readAnswer() does not know where the verifier did not come to the call', () => {
    expect(readAnswer(22, 'Tracing programs must provide btf_id\n')).toBeUndefined();
    expect(readAnswer(1, '')).toBeUndefined();
  });
});
