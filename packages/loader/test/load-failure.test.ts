import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Capability } from '../src/capabilities.js';
import { loadFailure } from '../src/load-failure.js';
import type { NativeFailure } from '../src/native-failure.js';

const needed: readonly Capability[] = ['CAP_BPF', 'CAP_PERFMON'];
const ROOT = { held: new Set<Capability>(['CAP_SYS_ADMIN']), needed };
const NOBODY = { held: new Set<Capability>(), needed };

function failure(errno: number, reason: string, log: string): NativeFailure {
  return Object.assign(new Error(reason), { errno, reason, log });
}

function realLog(name: string): string {
  return readFileSync(join(import.meta.dirname, 'fixtures', `${name}.log`), 'utf8');
}

describe('loadFailure()', () => {
  it('loadFailure() says why the verifier refuses', () => {
    expect(loadFailure('refused', failure(13, 'Permission denied', realLog('forgets-null')), ROOT)).toMatchObject({
      code: 'EBPM_VERIFIER_REJECTED',
      message: 'Cannot load program "forgets_null" of "refused": R0 invalid mem access \'map_value_or_null\'',
      data: {
        errno: 13,
        syscall: 'bpf(BPF_PROG_LOAD)',
        program: 'forgets_null',
        log: [
          '*value += 1; @ refused.bpf.c:24',
          '7: (79) r1 = *(u64 *)(r0 +0)',
          "R0 invalid mem access 'map_value_or_null'",
        ],
      },
    });
  });

  it('loadFailure() names the field that this kernel does not have', () => {
    expect(loadFailure('refused', failure(22, 'Invalid argument', realLog('reads-no-such-field')), ROOT)).toMatchObject(
      {
        code: 'EBPM_CORE_RELOCATION',
        message:
          'Cannot load program "reads_no_such_field" of "refused": this kernel has no struct task_struct.no_such_field',
      },
    );
  });

  it('loadFailure() names the target that is looked up while loading', () => {
    const error = loadFailure('refused', failure(3, 'No such process', realLog('on-no-such-btf-tracepoint')), ROOT);
    expect(error).toMatchObject({
      code: 'EBPM_ATTACH_TARGET_MISSING',
      data: { program: 'on_no_such_btf_tracepoint', target: 'no_such_tracepoint', syscall: undefined },
    });
  });

  it.each([
    ["libbpf: kernel BTF is missing at '/sys/kernel/btf/vmlinux', was CONFIG_DEBUG_INFO_BTF enabled?"],
    ['libbpf: failed to find valid kernel BTF'],
    ['libbpf: failed to parse target BTF: -2'],
  ])('loadFailure() recognises missing BTF: %s', (line) => {
    expect(
      loadFailure('x', failure(3, 'No such process', `${line}\nlibbpf: failed to load object 'x'\n`), ROOT),
    ).toMatchObject({
      code: 'EBPM_BTF_MISSING',
      message: `Cannot load "x": ${line.replace('libbpf: ', '')}`,
      hint: expect.stringContaining('CONFIG_DEBUG_INFO_BTF'),
    });
  });

  it('loadFailure() names the capabilities that the process lacks, and sudo', () => {
    const log =
      "libbpf: Error in bpf_object__probe_loading():Operation not permitted(1). Couldn't load trivial BPF program.\n";
    expect(loadFailure('x', failure(1, 'Operation not permitted', log), NOBODY)).toMatchObject({
      code: 'EBPM_NOT_PERMITTED',
      message: 'Cannot load "x": this process lacks CAP_BPF, CAP_PERFMON',
      hint: expect.stringContaining('sudo'),
      data: { errno: 1, syscall: 'bpf(BPF_PROG_LOAD)' },
    });
    expect(loadFailure('x', failure(1, 'Operation not permitted', log), ROOT)).toMatchObject({
      code: 'EBPM_NOT_PERMITTED',
      message: expect.stringContaining('even a privileged process'),
    });
  });

  it('loadFailure() takes EPERM with a verdict of the verifier for what it is', () => {
    const log = [
      "libbpf: prog 'p': BPF program load failed: Operation not permitted",
      "libbpf: prog 'p': -- BEGIN PROG LOAD LOG --",
      '3: (85) call bpf_probe_write_user#36',
      'program of this type cannot use helper bpf_probe_write_user#36',
      '-- END PROG LOAD LOG --',
    ].join('\n');
    expect(loadFailure('x', failure(1, 'Operation not permitted', log), NOBODY)).toMatchObject({
      code: 'EBPM_VERIFIER_REJECTED',
    });
  });

  it('loadFailure() says which map the kernel does not make', () => {
    const log = [
      'libbpf: Error in bpf_create_map_xattr(counts):Invalid argument(-22). Retrying without BTF.',
      "libbpf: map 'counts': failed to create: Invalid argument(-22)",
      "libbpf: failed to load object 'x'",
    ].join('\n');
    expect(loadFailure('x', failure(22, 'Invalid argument', log), ROOT)).toMatchObject({
      code: 'EBPM_LOAD_FAILED',
      message: 'Cannot load "x": map \'counts\': failed to create: Invalid argument(-22)',
      data: { syscall: 'bpf(BPF_MAP_CREATE)' },
    });
  });

  it('loadFailure() gives the error itself where libbpf said nothing', () => {
    expect(loadFailure('x', failure(12, 'Cannot allocate memory', ''), ROOT)).toMatchObject({
      code: 'EBPM_LOAD_FAILED',
      message: 'Cannot load "x": Cannot allocate memory (ENOMEM)',
    });
  });
});
