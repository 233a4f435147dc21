import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readLibbpfLog } from '../src/libbpf-log.js';
import { tellingLines, verifierVerdict } from '../src/verifier-log.js';

/** A log that libbpf gave on Linux 6.18 for a program of fixtures/refused.bpf.c. */
function realLog(name: string): string {
  const text = readFileSync(join(import.meta.dirname, 'fixtures', `${name}.log`), 'utf8');
  return readLibbpfLog(text).verifierLog ?? '';
}

describe('verifierVerdict()', () => {
  it('verifierVerdict() finds source, instruction and reason of a forgotten null check', () => {
    expect(verifierVerdict(realLog('forgets-null'))).toEqual({
      source: '*value += 1; @ refused.bpf.c:24',
      instruction: '7: (79) r1 = *(u64 *)(r0 +0)',
      reason: ["R0 invalid mem access 'map_value_or_null'"],
    });
  });

  it('verifierVerdict() reads what libbpf writes over the log of a missing field', () => {
    expect(verifierVerdict(realLog('reads-no-such-field'))).toEqual({
      source: 'int value = 0; @ refused.bpf.c:31',
      instruction: '3: <invalid CO-RE relocation>',
      reason: ['failed to resolve CO-RE relocation <byte_off> [20] struct task_struct.no_such_field (0:0 @ offset 0)'],
    });
  });

  it('verifierVerdict() reads logs of kernels that print the registers in a line of their own', () => {
    const log = [
      '; buffer[index] = value;',
      '12: (73) *(u8 *)(r2 +0) = r1',
      ' R0=inv0 R1_w=inv1 R2_w=map_value(id=0,off=0,ks=4,vs=64,umax_value=255,var_off=(0x0; 0xff)) R10=fp0',
      'invalid access to map value, value_size=64 off=255 size=1',
      'R2 max value is outside of the allowed memory range',
      'processed 13 insns (limit 1000000) max_states_per_insn 0 total_states 1 peak_states 1 mark_read 1',
      '',
    ].join('\n');
    expect(verifierVerdict(log)).toEqual({
      source: 'buffer[index] = value;',
      instruction: '12: (73) *(u8 *)(r2 +0) = r1',
      reason: [
        'invalid access to map value, value_size=64 off=255 size=1',
        'R2 max value is outside of the allowed memory range',
      ],
    });
  });

  it('verifierVerdict() skips the empty source lines of code without a line of C', () => {
    const log = ['; i++; @ a.bpf.c:3', '1: (b7) r1 = 0  ; R1=0', ';  @ a.bpf.c:0', '2: (07) r7 += 1', 'too complex'];
    expect(verifierVerdict(log.join('\n'))).toMatchObject({
      source: 'i++; @ a.bpf.c:3',
      instruction: '2: (07) r7 += 1',
    });
  });

  it('verifierVerdict() keeps a log without instructions, and gives the last 12 lines of a long one', () => {
    expect(verifierVerdict('Unrecognized arg#0 type PTR\nprocessed 0 insns\n')).toEqual({
      source: undefined,
      instruction: undefined,
      reason: ['Unrecognized arg#0 type PTR'],
    });
    const long = Array.from({ length: 100 }, (_, index) => `line ${index}`);
    expect(verifierVerdict(long.join('\n')).reason).toEqual(long.slice(-12));
  });

  it('verifierVerdict() gives nothing for an empty log', () => {
    expect(tellingLines(verifierVerdict(''))).toEqual([]);
  });
});

describe('tellingLines()', () => {
  it('tellingLines() puts source and instruction before the reason', () => {
    expect(tellingLines(verifierVerdict(realLog('forgets-null')))).toEqual([
      '*value += 1; @ refused.bpf.c:24',
      '7: (79) r1 = *(u64 *)(r0 +0)',
      "R0 invalid mem access 'map_value_or_null'",
    ]);
  });
});
