import { EbpmError } from '@ebpm/formats';
import type { Capability } from './capabilities.js';
import { type LibbpfLog, readLibbpfLog } from './libbpf-log.js';
import { errnoText, type NativeFailure } from './native-failure.js';
import { notPermitted } from './not-permitted.js';
import { tellingLines, verifierVerdict } from './verifier-log.js';

const EPERM = 1;
const NO_BTF =
  /kernel BTF is missing|failed to find valid kernel BTF|[Ee]rror loading vmlinux BTF|failed to parse target BTF/;
const NO_FIELD = /failed to resolve CO-RE relocation <\w+> \[\d+\] (.+?)(?: \(\d|$)/;
const CORE = /CO-RE relocation/;
// fentry, tp_btf and LSM programs look their target up when they are loaded.
const NO_TARGET = /failed to find kernel BTF type ID of '([^']+)'/;

/** The process that the object was loaded by. */
export interface LoadSite {
  readonly held: ReadonlySet<Capability>;
  /** For all programs of the object. */
  readonly needed: readonly Capability[];
}

/** Why the kernel or libbpf did not take an object, as an error that a person can act on. */
export function loadFailure(name: string, failure: NativeFailure, { held, needed }: LoadSite): EbpmError {
  const log = readLibbpfLog(failure.log);
  const verdict = log.verifierLog === undefined ? undefined : verifierVerdict(log.verifierLog);
  const telling = verdict === undefined ? log.messages : tellingLines(verdict);
  const action =
    log.program === undefined ? `Cannot load "${name}"` : `Cannot load program "${log.program}" of "${name}"`;
  const data = { errno: failure.errno, syscall: loadSyscall(log), program: log.program, log: telling };
  const said = log.messages.join('\n');

  const target = NO_TARGET.exec(said)?.[1];
  if (target !== undefined) {
    return new EbpmError('EBPM_ATTACH_TARGET_MISSING', `${action}: this kernel has no "${target}" to attach to`, {
      cause: failure,
      data: { ...data, target },
    });
  }
  if (NO_BTF.test(said)) {
    return new EbpmError('EBPM_BTF_MISSING', `${action}: ${log.messages.find((line) => NO_BTF.test(line))}`, {
      cause: failure,
      hint: 'use a kernel built with CONFIG_DEBUG_INFO_BTF=y (it has /sys/kernel/btf/vmlinux), or give a BTF file of this kernel',
      data,
    });
  }
  if (CORE.test(log.verifierLog ?? said)) {
    const field = NO_FIELD.exec(telling.join('\n'))?.[1];
    const reason = field === undefined ? telling.at(-1) : `this kernel has no ${field}`;
    return new EbpmError('EBPM_CORE_RELOCATION', `${action}: ${reason}`, { cause: failure, data });
  }
  if (failure.errno === EPERM && (verdict?.reason.length ?? 0) === 0) {
    return notPermitted({ action, needed, held, data, cause: failure });
  }
  if (verdict !== undefined) {
    const reason = verdict.reason.at(-1) ?? errnoText(failure);
    return new EbpmError('EBPM_VERIFIER_REJECTED', `${action}: ${reason}`, { cause: failure, data });
  }
  return new EbpmError('EBPM_LOAD_FAILED', `${action}: ${log.messages.at(-1) ?? errnoText(failure)}`, {
    cause: failure,
    data,
  });
}

/** The call that failed, as libbpf's words tell; undefined where libbpf gave up before any. */
function loadSyscall(log: LibbpfLog): string | undefined {
  const said = log.messages.join('\n');
  if (/BPF program load failed|probe_loading/.test(said)) return 'bpf(BPF_PROG_LOAD)';
  if (/failed to create: |create_map/.test(said)) return 'bpf(BPF_MAP_CREATE)';
  if (/Error loading \.BTF/.test(said)) return 'bpf(BPF_BTF_LOAD)';
  return undefined;
}
