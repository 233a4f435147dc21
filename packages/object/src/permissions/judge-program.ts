import type { HelperFacts, ProgramFacts } from '@ebpm/formats';
import type { Evidence } from './evidence.js';
import { fieldClasses, isHandedOver } from './field-table.js';
import { helperRow } from './helper-table.js';
import { kernelFunctionRow } from './kernel-function-table.js';
import { isTypedRead } from './ordinary-reads.js';
import type { PermissionClass } from './permission-class.js';
import { targetClasses } from './target-table.js';
import { typePowers } from './type-table.js';

/** Takes what was found; without a class it is something that the tables say nothing about. */
export type Note = (permission: PermissionClass | undefined, evidence: Omit<Evidence, 'file'>) => void;

/** What is known of a program by the object that it is in. */
export interface ProgramPlace {
  /** Whether what it reads of a process's memory is names and arguments at exec and open. */
  readonly readsNames: boolean;
}

/** What a program may see or do, by its type, its target, and what it reaches. */
export function judgeProgram(program: ProgramFacts, { readsNames }: ProgramPlace, note: Note): void {
  const found: Note = (permission, evidence) => note(permission, { program: program.name, ...evidence });
  judgeType(program, found);
  for (const permission of targetClasses(program)) found(permission, { what: `target ${program.target ?? ''}` });
  for (const helper of program.helpers) judgeHelper(program, { helper, readsNames }, found);
  for (const { name, behind } of program.kernelFunctions) {
    const classes = kernelFunctionRow(name)?.[2];
    const evidence = { what: `kernel function ${name}`, ...(behind && { behind }) };
    if (classes === undefined) found(undefined, evidence);
    for (const permission of classes ?? []) found(permission, evidence);
  }
  for (const name of program.kernelVariables) found('reads-kernel-memory', { what: `kernel variable ${name}` });
  for (const field of program.fields) judgeField(field, found);
  for (const what of program.unknown) found(undefined, { what });
}

function judgeType(program: ProgramFacts, found: Note): void {
  const { type, returns, writesContext, writesElsewhere, section } = program;
  const { sees, verdict, byContext = [], byWriting = [], always = [] } = typePowers(program);
  const what = `type ${program.attachType ?? type}`;
  for (const permission of sees) found(permission, { what });
  for (const permission of always) found(permission, { what });
  if (verdict !== undefined && !returns?.every((number) => verdict.harmless.includes(number))) {
    const note = returns === undefined ? 'what it returns is not known' : `it can return ${returns.join(', ')}`;
    for (const permission of verdict.classes) found(permission, { what, note });
  }
  if (writesContext) for (const permission of byContext) found(permission, { what, note: 'it writes to its context' });
  if (writesElsewhere) {
    for (const permission of byWriting) found(permission, { what, note: 'it writes to memory that is not its own' });
  }
  if (type === 'ext') found(undefined, { what: 'type ext', note: 'it does what the function that it replaces may do' });
  if (type === 'unspec') found(undefined, { what: `section ${section}`, note: 'it does not say what the program is' });
  if (isLegacyTc(program)) found('outlives-exit', { what: `section ${section}`, note: 'a filter of tc has no link' });
}

/** Sections whose programs are attached to tc as filters: others become links of tcx or netkit. */
function isLegacyTc({ type, attachType }: ProgramFacts): boolean {
  return (type === 'sched_cls' || type === 'sched_act') && attachType === undefined;
}

/** With these, a dynptr of a packet is written to. */
const DYNPTR_WRITES = ['dynptr_write', 'dynptr_data'];
const PACKET_DYNPTRS = ['bpf_dynptr_from_skb', 'bpf_dynptr_from_xdp'];

interface ReachedHelper extends ProgramPlace {
  readonly helper: HelperFacts;
}

function judgeHelper(program: ProgramFacts, { helper, readsNames }: ReachedHelper, found: Note): void {
  const { name, behind, text } = helper;
  const row = helperRow(name);
  const evidence = { what: `helper bpf_${name}`, ...(behind && { behind }) };
  if (row === undefined) found(undefined, { ...evidence, what: `helper ${name}` });
  for (const permission of row?.[2] ?? [])
    found(permission, { ...evidence, ...aboutReads(permission, helper, readsNames) });
  if (text === true) {
    const printed = { ...evidence, note: 'it prints the text at an address' };
    found('reads-kernel-memory', printed);
    found('reads-user-memory', { ...printed, ...(readsNames && ORDINARY) });
  }
  const hasPacket = program.kernelFunctions.some((one) => PACKET_DYNPTRS.includes(one.name));
  if (hasPacket && DYNPTR_WRITES.includes(name)) found('changes-packets', evidence);
}

const ORDINARY = { ordinary: true } as const;

/** What is to be said of a helper that reads memory. */
function aboutReads(
  permission: PermissionClass,
  { name, untyped }: HelperFacts,
  readsNames: boolean,
): Partial<Evidence> {
  if (permission === 'reads-user-memory') return readsNames ? ORDINARY : {};
  if (permission !== 'reads-kernel-memory') return {};
  if (untyped === true) return { note: 'not of a field that a relocation names' };
  return isTypedRead(name) ? ORDINARY : {};
}

function judgeField(field: string, found: Note): void {
  const evidence = { what: `field ${field}` };
  for (const permission of fieldClasses(field)) found(permission, evidence);
  if (!isHandedOver(field)) found('reads-kernel-memory', { ...evidence, ...ORDINARY });
}
