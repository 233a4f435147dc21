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
  const place = PREFIXES.findIndex((prefix, index) => matches(prefix, index, name));
  const row = PROGRAM_SECTIONS[place];
  const prefix = PREFIXES[place];
  if (row === undefined || prefix === undefined) return undefined;
  const [, type, attachType, , flags] = row;
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

/** By row: what the names of its sections start with, and whether more may follow. */
const PREFIXES = PROGRAM_SECTIONS.map(([pattern]) => pattern.replace(/\+$/, ''));
const GOES_ON = PROGRAM_SECTIONS.map(([pattern]) => pattern.endsWith('+'));

function matches(prefix: string, row: number, name: string): boolean {
  if (!name.startsWith(prefix)) return false;
  return name.length === prefix.length || (GOES_ON[row] === true && name[prefix.length] === '/');
}

/** A probe of a function's return has no offset: libbpf refuses to attach one that does. */
function targetOf([pattern, , , kind]: ProgramSection, rest: string): AttachTarget | undefined {
  if (kind === '') return undefined;
  const target = parseAttachTarget(kind, rest);
  const hasOffset = target !== undefined && 'offsetBytes' in target && target.offsetBytes !== 0;
  return hasOffset && /^[ku]ret/.test(pattern) ? undefined : target;
}
