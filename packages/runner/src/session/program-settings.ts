import { EbpmError, type EunomiaMeta } from '@ebpm/formats';
import { type ProgramSettings, programTypeOf, type TargetKind, type Targets, type TcSettings } from '@ebpm/loader';
import { programKind } from '@ebpm/object';
import type { RunnablePackage } from '../runnable-package.js';

type Program = EunomiaMeta['bpf_skel']['progs'][number];

/** eunomia-bpf's loader takes the first interface where an annotation names none. */
const DEFAULT_IFINDEX = 1;

/** What settings are read from. */
type Described = Pick<RunnablePackage, 'name' | 'meta'>;

/** What a package says of each of its programs, by name. @throws EBPM_ATTACH_FAILED */
export function programSettings(pkg: Described): ReadonlyMap<string, ProgramSettings> {
  return new Map(pkg.meta.bpf_skel.progs.map((program) => [program.name, settingsOf(pkg, program)]));
}

/** Refuses a target that no program of the package can use: nobody would notice that it was ignored. @throws EBPM_TARGET_UNUSED */
export function refuseUnusedTargets(pkg: RunnablePackage, targets: Targets): void {
  const kinds = pkg.object.programs.flatMap(({ section }) => programKind(section) ?? []);
  const used = new Set(kinds.flatMap((kind) => programTypeOf(kind)?.targets ?? []));
  const unused = (Object.keys(targets) as TargetKind[]).find((kind) => targets[kind] !== undefined && !used.has(kind));
  if (unused === undefined) return;
  throw new EbpmError(
    'EBPM_TARGET_UNUSED',
    `Cannot run "${pkg.name}" with --target-${unused}: none of its programs attaches to such a target`,
    { hint: 'docs/program-types.md says which types take which target' },
  );
}

function settingsOf(pkg: Described, program: Program): ProgramSettings {
  if (program.xdpopts?.old_prog_fd) {
    throw unsupported(
      pkg,
      program,
      'it replaces another program by the descriptor of a process that is gone (old_prog_fd)',
    );
  }
  const ifindex = interfaceOf(program);
  return {
    link: program.link,
    optional: program.optional,
    target: { ...(ifindex === undefined ? {} : { ifname: String(ifindex) }), ...program.target },
    tc: tcSettings(pkg, program),
    xdpFlags: program.flags,
    perf: program.perf,
    netfilter: program.netfilter,
  };
}

function interfaceOf({ tchook, ifindex, xdpopts }: Program): number | undefined {
  if (tchook !== undefined) return tchook.ifindex ?? DEFAULT_IFINDEX;
  return ifindex ?? (xdpopts === undefined ? undefined : DEFAULT_IFINDEX);
}

function tcSettings(pkg: Described, program: Program): TcSettings {
  const { tchook, tcopts } = program;
  if (tchook?.attach_point === 'BPF_TC_CUSTOM') {
    throw unsupported(pkg, program, 'BPF_TC_CUSTOM wants a parent, which the package cannot name');
  }
  return {
    egress: tchook?.attach_point === 'BPF_TC_EGRESS',
    // As in eunomia-bpf: 1 is the default of each where the other is given.
    ...(tcopts === undefined ? {} : { handle: tcopts.handle ?? 1, priority: tcopts.priority ?? 1 }),
  };
}

function unsupported(pkg: Described, program: Program, reason: string): EbpmError {
  return new EbpmError('EBPM_ATTACH_FAILED', `Cannot attach "${program.name}" of "${pkg.name}": ${reason}`);
}
