// What the kernel lets a program call is decided by its verifier, for each type of program anew, so it is asked with a program of three
// instructions that is like the one in question in everything that counts, and that nothing runs:
//
//     call N        refused with "unknown func", or for arguments that are not there, once it is known that it may be called at all
//     r0 = 0
//     exit
//
// The log tells whether the verifier came to the call; where it gave up before, nobody knows.

import { loadBinding } from './binding.js';
import { kernelCapabilities, missingForBpf } from './capabilities.js';

/** What decides which functions of the kernel a program may call. */
export interface TrialProgram {
  /** BPF_PROG_TYPE_* and BPF_* numbers. */
  readonly type: number;
  readonly expectedAttachType: number;
  /** What it is attached to in the kernel's own BTF; 0 for none. */
  readonly attachBtfId: number;
  readonly sleepable: boolean;
  readonly license: string;
}

/** Whether a call is allowed, and where not, the kernel's own words. */
export type CallAnswer =
  | { readonly allowed: true }
  /** `isPolicy`: not the kernel's doing, but that of whoever set up the machine, and may change while it runs. */
  | { readonly allowed: false; readonly reason: string; readonly isPolicy?: true };

/** Whether the kernel lets a program call a helper, by its number. Undefined where it cannot be told. @throws EBPM_LOADER_UNAVAILABLE */
export function probeHelper(program: TrialProgram, helper: number): CallAnswer | undefined {
  return tryCall(program, instruction(CALL, 0, helper));
}

/**
 * Whether the kernel lets a program call one of its functions, by its id in the kernel's own BTF. Undefined where it cannot be told.
 * @throws EBPM_LOADER_UNAVAILABLE
 */
export function probeKernelFunction(program: TrialProgram, btfId: number): CallAnswer | undefined {
  return tryCall(program, instruction(CALL, KERNEL_FUNCTION, btfId));
}

/** Whether the kernel takes any program like that, with its place in BTF. Undefined where it cannot be told. @throws EBPM_LOADER_UNAVAILABLE */
export function probeAttachment(program: TrialProgram): CallAnswer | undefined {
  const { type, expectedAttachType, attachBtfId, sleepable, license } = program;
  const code = Buffer.concat([instruction(MOVE, 0, 0), instruction(EXIT, 0, 0)]);
  const { errno, log } = loadBinding().tryProgram(type, expectedAttachType, attachBtfId, sleepable, license, code);
  if (errno === 0) return { allowed: true };
  if (errno === EPERM && log === '' && missingForBpf(kernelCapabilities()).length === 0) return FORBIDDEN;
  const said = log.split('\n').filter((line) => line !== '' && !/^processed \d/.test(line));
  // What comes after the first instruction is about the program itself.
  if (said.some((line) => /^0: /.test(line))) return { allowed: true };
  return said[0] === undefined ? undefined : { allowed: false, reason: said[0].trim() };
}

/** Whether the kernel knows a type of program that libbpf does not: one that it does not know is refused without a word. */
export function tryProgramType(type: number, expectedAttachType: number): boolean | undefined {
  const code = Buffer.concat([instruction(MOVE, 0, 0), instruction(EXIT, 0, 0)]);
  const { errno, log } = loadBinding().tryProgram(type, expectedAttachType, 0, false, 'GPL', code);
  if (errno === EPERM) return undefined;
  return errno !== EINVAL || /^(?!processed \d)./m.test(log);
}

function tryCall(program: TrialProgram, call: Buffer): CallAnswer | undefined {
  const { type, expectedAttachType, attachBtfId, sleepable, license } = program;
  const code = Buffer.concat([call, instruction(MOVE, 0, 0), instruction(EXIT, 0, 0)]);
  const { errno, log } = loadBinding().tryProgram(type, expectedAttachType, attachBtfId, sleepable, license, code);
  return readAnswer(errno, log);
}

/** What a trial says about its first call. */
export function readAnswer(errno: number, log: string): CallAnswer | undefined {
  if (errno === 0) return { allowed: true };
  const refused = log.split('\n').find((line) => REFUSED.test(line));
  if (refused !== undefined) return { allowed: false, reason: refused.trim() };
  return REACHED.test(log) ? { allowed: true } : undefined;
}

/**
 * What the verifier says of a call that is not allowed, whatever it is given; anything else is about its arguments.
 * @see https://github.com/torvalds/linux/blob/v6.12/kernel/bpf/verifier.c (check_helper_call, check_kfunc_call, add_kfunc_call)
 */
const REFUSED =
  /unknown func |invalid func |not supported for program type|program of this type cannot use helper|from non-GPL compatible program|helper call is not allowed in probe|in (?:a )?non-sleepable prog|sleepable helper|calling kernel function \S+ is not allowed|JIT (?:is required for|does not support) calling kernel function|must be sleepable to call|require CAP_SYS_BOOT|is not a function/;

/** The first instruction, as the log shows it where it was looked at. */
const REACHED = /^0: \(85\) call /m;

const FORBIDDEN: CallAnswer = {
  allowed: false,
  reason: 'bpf(2) fails with EPERM, although this process has the capabilities: a policy of this machine forbids it',
  isPolicy: true,
};

const EPERM = 1;
const EINVAL = 22;

/** Opcodes of `call`, `r0 = number` and `exit`. @see https://www.rfc-editor.org/rfc/rfc9669#section-4.3 */
const CALL = 0x85;
const MOVE = 0xb7;
const EXIT = 0x95;

/** BPF_PSEUDO_KFUNC_CALL. @see https://github.com/torvalds/linux/blob/v6.12/include/uapi/linux/bpf.h */
const KERNEL_FUNCTION = 2;

function instruction(opcode: number, source: number, immediate: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt8(opcode, 0);
  bytes.writeUInt8(source << 4, 1);
  bytes.writeInt32LE(immediate, 4);
  return bytes;
}
