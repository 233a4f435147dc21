import { capAddFlags, inUserNamespace, missingOf, neededCapabilities, programTypeOf } from '@ebpm/loader';
import {
  type BpfProgram,
  programKind,
  type ReachedCode,
  readElf,
  type StructOpsTable,
  structOpsTables,
} from '@ebpm/object';
import { whyUntyped } from '../inputs/event-types.js';
import type { RunnablePackage } from '../runnable-package.js';
import { checkArguments } from './check-arguments.js';
import { checkCalls } from './check-calls.js';
import { checkContext } from './check-context.js';
import { checkMaps } from './check-maps.js';
import { checkRelocations, type RelocationScope } from './check-relocations.js';
import { checkSettings } from './check-settings.js';
import { checkStructOps } from './check-struct-ops.js';
import { checkSymbols } from './check-symbols.js';
import { BTF_CURE, checkTarget, lackingFeature, refusedThere } from './check-target.js';
import { type Finding, type Verdict, verdictOf } from './finding.js';
import type { Host } from './host.js';
import { trialProgram } from './trial-programs.js';

/** What `ebpm check` says. */
export interface CheckResult {
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
}

/**
 * Says whether a package runs on a machine, without loading it: what it asks of the kernel's types, configuration, symbols and functions, by
 * resolving and probing. Whether the verifier accepts the programs otherwise is not looked at.
 * @param ofLoad what a load has shown
 */
export function checkPackage(pkg: RunnablePackage, host: Host, ofLoad: readonly Finding[] = []): CheckResult {
  const { object } = pkg;
  const loaded = object.programs.filter(({ section }) => !section.startsWith('?'));
  const all = loaded.map(({ name }) => name);
  const optional = new Set(pkg.meta.bpf_skel.progs.flatMap((one) => (one.optional === true ? [one.name] : [])));
  const elf = readElf(pkg.checked.bytes);
  const tables = structOpsTables(elf, object);
  const { settings, findings: ofSettings } = checkSettings(pkg, host);
  const { known, findings: ofSymbols } = checkSymbols(pkg, host);
  const around = { host, elf, settings, hasSymbol: (name: string) => known.get(name), optional };
  const { findings: ofRelocations, reached } = checkRelocations(pkg, around);
  const findings = [
    ...privilege(pkg, host),
    kernelBtf(pkg, host),
    ...ofSettings,
    ...ofSymbols,
    ...ofRelocations,
    ...programTypes(loaded, host),
    ...checkMaps(pkg, host),
    ...(object.btf === undefined ? [] : checkStructOps(tables, object.btf, host)),
    ...loaded.flatMap((program) => attachTarget(pkg, program, host, tables)),
    ...calls(pkg, reached, around, tables),
    ...checkContext(reached.context, host),
    ...checkArguments(pkg, host.btf(), reached.context),
    ...eventTypes(pkg),
    ...ofLoad,
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
  const where = inUserNamespace() ? ', where it counts: this is a user namespace' : '';
  const reason = `it needs ${needed.join(', ')}, and this process lacks ${missing.join(', ')}${where}`;
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

function programTypes(programs: readonly BpfProgram[], host: Host): readonly Finding[] {
  const kinds = programs.map(({ section }) => programKind(section)).filter((kind) => kind !== undefined);
  const types = new Map(kinds.map((kind) => [kind.type, kind]));
  return [...types].map(([type, { typeNumber, expectedAttachType }]): Finding => {
    const about = { code: 'program_type', subject: `program type "${type}"` } as const;
    const answer = host.programType(typeNumber, expectedAttachType);
    if (answer === undefined) {
      return { ...about, outcome: 'unknown', certainty: 'not checked', reason: 'the kernel could not be asked' };
    }
    const { certainty } = host;
    if (answer) return { ...about, outcome: 'ok', certainty, reason: 'the kernel has this type' };
    const cure = 'Use a kernel that has this program type';
    return { ...about, outcome: 'missing', certainty, reason: 'the kernel does not have this type', cure };
  });
}

function attachTarget(
  pkg: RunnablePackage,
  program: BpfProgram,
  host: Host,
  tables: readonly StructOpsTable[],
): readonly Finding[] {
  const about = { code: 'attach_target', subject: `program "${program.name}"`, program: program.name } as const;
  const kind = programKind(program.section);
  if (kind === undefined) {
    const reason = `nobody knows what section "${program.section}" is for`;
    return [{ ...about, outcome: 'missing', certainty: 'proved', reason }];
  }
  if (programTypeOf(kind) === undefined) {
    const reason = `ebpm does not know how to attach a program of section "${program.section}"`;
    return [{ ...about, outcome: 'missing', certainty: 'proved', reason }];
  }
  const lacking = lackingFeature(kind, host);
  if (lacking !== undefined) return [{ ...about, code: 'feature', ...lacking }];
  const target = checkTarget(kind, host);
  if (target?.outcome === 'missing' || target?.outcome === 'unknown') return [{ ...about, ...target }];
  const refused = refusedThere(trialProgram(pkg, program, host, tables), host);
  if (refused !== undefined) return [{ ...about, ...refused }];
  return target === undefined ? [] : [{ ...about, ...target }];
}

function calls(
  pkg: RunnablePackage,
  reached: ReachedCode,
  { host, hasSymbol }: Pick<RelocationScope, 'host' | 'hasSymbol'>,
  tables: readonly StructOpsTable[],
): readonly Finding[] {
  const trials = new Map(
    reached.calls.map(({ program }) => [program, trialProgram(pkg, program, host, tables)] as const),
  );
  return checkCalls(
    reached.calls.map((call) => ({ call, trial: trials.get(call.program) })),
    host,
    hasSymbol,
  );
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
