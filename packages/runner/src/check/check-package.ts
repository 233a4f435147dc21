import { capAddFlags, missingOf, neededCapabilities } from '@ebpm/loader';
import { type BpfProgram, programKind } from '@ebpm/object';
import { whyUntyped } from '../inputs/event-types.js';
import type { RunnablePackage } from '../runnable-package.js';
import { checkArguments } from './check-arguments.js';
import { checkRelocations } from './check-relocations.js';
import { BTF_CURE, checkTarget } from './check-target.js';
import { type Finding, type FindingCode, type Verdict, verdictOf } from './finding.js';
import type { Host } from './host.js';

/** What `ebpm check` says. */
export interface CheckResult {
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
}

/**
 * Says whether a package runs on a machine, without loading it: the kernel's BTF and whether every CO-RE relocation fits it, program and map
 * types by probing, and attach targets. Whether the verifier accepts the programs is not looked at.
 */
export function checkPackage(pkg: RunnablePackage, host: Host): CheckResult {
  const all = pkg.object.programs.map(({ name }) => name);
  const optional = new Set(pkg.meta.bpf_skel.progs.flatMap((one) => (one.optional === true ? [one.name] : [])));
  const kernel = host.btf();
  const modules = (names: readonly string[]) => host.moduleBtfs(names);
  const findings = [
    ...privilege(pkg, host),
    kernelBtf(pkg, host),
    ...(kernel === undefined ? [] : checkRelocations(pkg, { kernel, modules, settings: host.settings() }, optional)),
    ...programTypes(pkg, host),
    ...mapTypes(pkg, host),
    ...pkg.object.programs.flatMap((program) => attachTarget(program, host)),
    ...(kernel === undefined ? [] : checkArguments(pkg, kernel)),
    ...eventTypes(pkg),
  ];
  return { verdict: verdictOf(findings, { all, optional }), findings };
}

/** What the programs and maps of this package need, and no more. */
function privilege({ object }: RunnablePackage, { capabilities }: Host): readonly Finding[] {
  if (capabilities === undefined) return [];
  const about = { code: 'privilege', subject: 'privilege' } as const;
  const needed = neededCapabilities(
    object.programs.map(({ section }) => section),
    object.maps.map(({ type }) => type),
  );
  const missing = missingOf(needed, capabilities);
  if (missing.length === 0) {
    return [{ ...about, outcome: 'ok', certainty: 'probed', reason: `this process has ${needed.join(', ')}` }];
  }
  const reason = `it needs ${needed.join(', ')}, and this process lacks ${missing.join(', ')}`;
  const cure = `Ask as root: sudo ebpm check ...; in a container, start that with ${capAddFlags(missing)}`;
  return [{ ...about, outcome: 'unknown', certainty: 'not checked', reason, cure }];
}

function kernelBtf(pkg: RunnablePackage, host: Host): Finding {
  const about = { code: 'kernel_btf', subject: 'kernel' } as const;
  if (host.btf() !== undefined) return { ...about, outcome: 'ok', certainty: 'probed', reason: 'it has BTF' };
  if (!pkg.object.hasBtfExt) return { ...about, outcome: 'ok', certainty: 'inferred', reason: 'no BTF is needed' };
  const reason = 'it has no BTF, which CO-RE relocations need';
  return { ...about, outcome: 'missing', certainty: 'probed', reason, cure: BTF_CURE };
}

function programTypes(pkg: RunnablePackage, host: Host): readonly Finding[] {
  const kinds = pkg.object.programs.map(({ section }) => programKind(section));
  const types = new Map(kinds.flatMap((kind) => (kind === undefined ? [] : [[kind.type, kind.typeNumber]])));
  return [...types].map(([type, number]) => {
    const about = { code: 'program_type', subject: `program type "${type}"` } as const;
    return supported(about, host, host.programType(number), 'Use a kernel that has this program type');
  });
}

function mapTypes(pkg: RunnablePackage, host: Host): readonly Finding[] {
  const types = new Set(pkg.object.maps.map(({ type }) => type));
  return [...types].map((type) => {
    const names = pkg.object.maps.filter((map) => map.type === type).map(({ name }) => `"${name}"`);
    const about = { code: 'map_type', subject: `map ${names.join(', ')}` } as const;
    return supported(about, host, host.mapType(type), 'Use a kernel that has this map type');
  });
}

/** A run ends before it begins where nobody knows how to read what it sends. */
function eventTypes(pkg: RunnablePackage): readonly Finding[] {
  return (pkg.untypedMaps ?? []).map((map) => {
    const { reason, cure } = whyUntyped(pkg, map);
    const subject = `events of map "${map.name}"`;
    const what = `their struct is not known: ${reason}`;
    return { code: 'event_type', subject, outcome: 'missing', certainty: 'proved', reason: what, cure };
  });
}

function supported(
  about: { readonly code: FindingCode; readonly subject: string },
  { certainty }: Host,
  answer: boolean | undefined,
  cure: string,
): Finding {
  if (answer === undefined) {
    return { ...about, outcome: 'unknown', certainty: 'not checked', reason: 'the kernel could not be asked' };
  }
  return answer
    ? { ...about, outcome: 'ok', certainty, reason: 'the kernel has this type' }
    : { ...about, outcome: 'missing', certainty, reason: 'the kernel does not have this type', cure };
}

function attachTarget(program: BpfProgram, host: Host): readonly Finding[] {
  const about = { code: 'attach_target', subject: `program "${program.name}"`, program: program.name } as const;
  const kind = programKind(program.section);
  if (kind === undefined) {
    const reason = `nobody knows what section "${program.section}" is for`;
    return [{ ...about, outcome: 'missing', certainty: 'proved', reason }];
  }
  const target = checkTarget(kind, host);
  return target === undefined ? [] : [{ ...about, ...target }];
}
