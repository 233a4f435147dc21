import { type AttachTarget, parseAttachTarget } from './attach-target.js';
import { PROGRAM_SECTIONS, type ProgramSection } from './program-sections.js';
import { ATTACH_TYPES, type AttachType, PROGRAM_TYPES, type ProgramType } from './program-types.js';

/** What the name of a program's section says about the program. */
export interface ProgramKind {
  /** The part of the name that libbpf knows, e.g. `kprobe`, `tc`, `xdp.frags`, `cgroup/connect4`. */
  readonly prefix: string;
  readonly type: ProgramType;
  /** BPF_PROG_TYPE_* number. */
  readonly typeNumber: number;
  /** The attach type that the kernel is told when the program is loaded, where there is one. */
  readonly attachType: AttachType | undefined;
  /** BPF_* number of the attach type; 0 where there is none, as libbpf passes it. */
  readonly expectedAttachType: number;
  readonly sleepable: boolean;
  /** False for a section that starts with `?`: the program is loaded only when asked for. */
  readonly autoload: boolean;
  /** What the program is for; undefined where the name does not say it, or not in the right form. */
  readonly attach: AttachTarget | undefined;
  /** Whether `bpf_program__attach` attaches the program with no more than this name. */
  readonly autoAttach: boolean;
}

/** What libbpf 1.5 makes of a section name; undefined for a name that it does not know. */
export function programKind(section: string): ProgramKind | undefined {
  const autoload = !section.startsWith('?');
  const name = autoload ? section : section.slice(1);
  const row = PROGRAM_SECTIONS.find(([pattern]) => matches(pattern, name));
  if (row === undefined) return undefined;
  const [pattern, type, attachType, , flags] = row;
  const prefix = pattern.replace(/\+$/, '');
  const attach = targetOf(row, name.slice(prefix.length + 1));
  return {
    prefix,
    type,
    typeNumber: PROGRAM_TYPES.indexOf(type),
    attachType: attachType === '' ? undefined : attachType,
    expectedAttachType: attachType === '' ? 0 : ATTACH_TYPES.indexOf(attachType),
    sleepable: flags.includes('sleepable'),
    autoload,
    attach,
    autoAttach: flags.includes('auto') && attach !== undefined,
  };
}

function matches(pattern: string, name: string): boolean {
  if (!pattern.endsWith('+')) return name === pattern;
  const prefix = pattern.slice(0, -1);
  return name === prefix || name.startsWith(`${prefix}/`);
}

/** A probe of a function's return has no offset: libbpf refuses to attach one that does. */
function targetOf([pattern, , , kind]: ProgramSection, rest: string): AttachTarget | undefined {
  if (kind === '') return undefined;
  const target = parseAttachTarget(kind, rest);
  const hasOffset = target !== undefined && 'offsetBytes' in target && target.offsetBytes !== 0;
  return hasOffset && /^[ku]ret/.test(pattern) ? undefined : target;
}
