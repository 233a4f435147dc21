import { arch } from 'node:os';
import {
  type ArgumentUse,
  argumentUses,
  type Btf,
  type BtfFuncProto,
  type BtfMember,
  type BtfType,
  essentialName,
  type OpenBtf,
  type ProgramKind,
  programKind,
  type ReachedContext,
  readElf,
} from '@ebpm/object';
import type { RunnablePackage } from '../runnable-package.js';
import type { Finding } from './finding.js';

/**
 * Warns of arguments that a program takes for something else than the function passes in this kernel: it would run, and show wrong data. One
 * that is not passed at all is refused where the program is attached by BTF.
 * @param reads what programs read of their contexts
 * @param machine what the registers of a kprobe are those of; default: this one
 */
export function checkArguments(
  pkg: RunnablePackage,
  kernel: OpenBtf | undefined,
  reads: readonly ReachedContext[] = [],
  machine: string = arch(),
): readonly Finding[] {
  const { object, checked } = pkg;
  const { btf } = object;
  if (kernel === undefined) return [];
  const beyond = reads.flatMap((read) => argumentBeyond(read, kernel));
  const gone = [...new Map(beyond.map((finding) => [finding.program, finding])).values()];
  if (btf === undefined) return gone;
  const places = ({ section }: { section: string }) => placesOf(programKind(section), machine);
  const uses = argumentUses({ elf: readElf(checked.bytes), object, places });
  const stopped = new Set(gone.map(({ program }) => program));
  const warnings = uses
    .filter(({ program }) => !stopped.has(program.name))
    .flatMap((use) => {
      const kind = programKind(use.program.section);
      const prototype = kind === undefined ? undefined : prototypeOf(kind, kernel);
      return prototype === undefined ? [] : warningOf(use, btf, prototype, kernel);
    });
  return [...gone, ...warnings];
}

/** The kernel refuses a program that reads an argument which its function does not have, where it is attached by BTF. */
function argumentBeyond(
  { program, offsetBytes, isCertain, setting }: ReachedContext,
  kernel: OpenBtf,
): readonly Finding[] {
  const kind = programKind(program.section);
  if (kind === undefined || (kind.type !== 'tracing' && kind.attachType !== 'lsm_mac') || setting !== undefined)
    return [];
  const prototype = prototypeOf(kind, kernel);
  const argument = Math.floor(offsetBytes / 8);
  if (prototype === undefined || argument < prototype.typeIds.length || !areWords(prototype, kernel)) return [];
  const reason = `it reads argument ${argument + 1} of "${prototype.name}", and this kernel passes ${prototype.typeIds.length}`;
  const about = { code: 'argument_missing', subject: `program "${program.name}"`, program: program.name } as const;
  const cure = 'Use a version of the package that was written for this kernel';
  return [{ ...about, outcome: 'missing', certainty: isCertain ? 'proved' : 'inferred', reason, cure }];
}

/** Structs that are passed by value may take the place of two arguments. */
function areWords({ typeIds }: Prototype, kernel: OpenBtf): boolean {
  return typeIds.every((typeId) => {
    const { kind } = kernel.resolve(typeId);
    return kind !== 'struct' && kind !== 'union';
  });
}

/** Registers of the first arguments, as bytes of struct pt_regs. */
const REGISTERS: Readonly<Record<string, readonly number[]>> = {
  // di, si, dx, cx, r8, r9: https://github.com/torvalds/linux/blob/v6.12/arch/x86/include/uapi/asm/ptrace.h
  x64: [112, 104, 96, 88, 72, 64],
  // regs[0] to regs[7]: https://github.com/torvalds/linux/blob/v6.12/arch/arm64/include/uapi/asm/ptrace.h
  arm64: [0, 8, 16, 24, 32, 40, 48, 56],
};

/** Programs that are attached by BTF find all arguments as numbers of 64 bits, one behind the other. */
const BY_BTF = Array.from({ length: 12 }, (_, index) => index * 8);

function placesOf(kind: ProgramKind | undefined, machine: string): readonly number[] | undefined {
  if (kind?.type === 'tracing' || kind?.attachType === 'lsm_mac') return BY_BTF;
  const isEntry = kind?.prefix === 'kprobe' && kind.attach?.kind === 'kernel_function' && kind.attach.offsetBytes === 0;
  return isEntry ? REGISTERS[machine] : undefined;
}

interface Prototype {
  readonly name: string;
  /** Types of the arguments, and behind them that of the result where the program sees it. */
  readonly typeIds: readonly number[];
}

function prototypeOf({ attach, attachType }: ProgramKind, kernel: OpenBtf): Prototype | undefined {
  switch (attach?.kind) {
    case 'kernel_function':
      return functionPrototype(kernel, attach.symbol, attach.symbol, false);
    case 'traced_function':
      if (attach.module !== undefined) return undefined;
      return functionPrototype(kernel, attach.symbol, attach.symbol, attachType !== 'trace_fentry');
    case 'lsm_hook':
      return functionPrototype(kernel, `bpf_lsm_${attach.hook}`, attach.hook, true);
    case 'raw_tracepoint': {
      const proto = pointee(kernel, kernel.find(`btf_trace_${attach.event}`, 'typedef'));
      // The first parameter is the tracepoint's own.
      return proto?.kind === 'func_proto' ? { name: attach.event, typeIds: typesIn(proto).slice(1) } : undefined;
    }
    default:
      return undefined;
  }
}

function functionPrototype(kernel: OpenBtf, symbol: string, name: string, withResult: boolean): Prototype | undefined {
  const func = kernel.find(symbol, 'func');
  const proto = func?.kind === 'func' ? kernel.type(func.typeId) : undefined;
  if (proto?.kind !== 'func_proto') return undefined;
  return { name, typeIds: [...typesIn(proto), ...(withResult ? [proto.returnTypeId] : [])] };
}

function typesIn({ params }: BtfFuncProto): readonly number[] {
  return params.map(({ typeId }) => typeId);
}

function warningOf(use: ArgumentUse, btf: Btf, { name, typeIds }: Prototype, kernel: OpenBtf): readonly Finding[] {
  const typeId = typeIds[use.argument];
  const what = `argument ${use.argument + 1} of "${name}" is taken for "${btf.nameOf(use.typeId)} *"`;
  if (typeId === undefined) return [warning(use, `${what}, and this kernel passes ${typeIds.length}`)];
  return mayBe(btf.type(use.typeId), kernel, typeId)
    ? []
    : [warning(use, `${what}, and this kernel passes "${kernel.nameOf(typeId)}"`)];
}

function warning({ program }: ArgumentUse, reason: string): Finding {
  return {
    code: 'argument_type',
    subject: `program "${program.name}"`,
    program: program.name,
    outcome: 'warning',
    certainty: 'inferred',
    reason,
    cure: 'What it shows may be wrong: use a version of the package that was written for this kernel',
  };
}

/** Whether an argument may be a pointer to a type: one to it, to what it starts with or is the start of, or one that says nothing. */
function mayBe(own: BtfType, kernel: OpenBtf, typeId: number): boolean {
  const passed = kernel.resolve(typeId);
  // Addresses are often passed as numbers of their size.
  if (passed.kind === 'int') return passed.sizeBytes === 8;
  const to = pointee(kernel, passed);
  if (to === undefined) return false;
  if (to.kind !== 'struct' && to.kind !== 'union' && to.kind !== 'fwd') return to.kind === 'void' || to.kind === 'int';
  const name = essentialName(own.name);
  if (name === '' || to.name === '' || essentialName(to.name) === name) return true;
  const known = kernel.find(name, own.kind);
  return startsWith(kernel, to, name) || (known !== undefined && startsWith(kernel, known, essentialName(to.name)));
}

/** Whether a struct starts with one of that name, however deep. */
function startsWith(kernel: OpenBtf, type: BtfType, name: string): boolean {
  let inside: BtfType | undefined = type;
  for (let depth = 0; depth < MAX_DEPTH && inside !== undefined; depth++) {
    if (inside.name !== '' && essentialName(inside.name) === name) return true;
    const first: BtfMember | undefined =
      inside.kind === 'struct' || inside.kind === 'union' ? inside.members[0] : undefined;
    inside = first === undefined ? undefined : kernel.resolve(first.typeId);
  }
  return false;
}

const MAX_DEPTH = 16;

/** What a pointer, or a name for one, points to. */
function pointee(kernel: OpenBtf, type: BtfType | undefined): BtfType | undefined {
  const pointer = type === undefined ? undefined : kernel.resolve(type.id);
  return pointer?.kind === 'ptr' ? kernel.resolve(pointer.typeId) : undefined;
}
