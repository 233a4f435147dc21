import { libbpfVersion } from '@ebpm/loader';
import type { Btf, OpenBtf, StructOpsTable } from '@ebpm/object';
import type { Finding } from './finding.js';
import type { Host } from './host.js';

/** Whether the kernel has the tables of functions that a package stands in for, with all members that it sets. */
export function checkStructOps(tables: readonly StructOpsTable[], own: Btf, host: Host): readonly Finding[] {
  const kernel = host.btf();
  if (kernel === undefined) return [];
  return tables.flatMap((table): readonly Finding[] => {
    const about = { code: 'struct_ops', subject: `table "${table.name}"` } as const;
    const types = [kernel, ...host.moduleBtfs([`bpf_struct_ops_${table.type}`])];
    const home = types.find((one) => one.find(`bpf_struct_ops_${table.type}`, 'struct') !== undefined);
    if (home === undefined) {
      const reason = `this kernel takes no table of type ${table.type} from programs`;
      const cure = 'Use a kernel that has it, or load the module that does';
      return [{ ...about, outcome: 'missing', certainty: certaintyOf(host), reason, cure, wants: table.type }];
    }
    const lacking = membersLacking(table, own, home);
    if (lacking.length === 0) {
      return [{ ...about, outcome: 'ok', certainty: certaintyOf(host), reason: `this kernel takes a ${table.type}` }];
    }
    const cure = 'Use a version of the package for this kernel';
    return lacking.map(({ member, why }) => {
      const wants = `${table.type}.${member}`;
      return {
        ...about,
        outcome: 'missing',
        certainty: certaintyOf(host),
        reason: `${why} ${wants}`,
        cure,
        wants,
      } as const;
    });
  });
}

function certaintyOf({ certainty }: Host): 'proved' | 'inferred' {
  return certainty === 'probed' ? 'proved' : 'inferred';
}

interface Lack {
  readonly member: string;
  readonly why: string;
}

/** @see https://github.com/libbpf/libbpf/blob/v1.5.0/src/libbpf.c (bpf_map__init_kern_struct_ops) */
function membersLacking({ type, members }: StructOpsTable, own: Btf, kernel: OpenBtf): readonly Lack[] {
  const struct = kernel.find(type, 'struct');
  if (struct?.kind !== 'struct') return [];
  return members.flatMap((member): readonly Lack[] => {
    const found = struct.members.find(({ name }) => name === member.name);
    if (found === undefined) {
      return member.isSet || !skipsZeros(libbpfVersion()) ? [{ member: member.name, why: 'this kernel has no' }] : [];
    }
    const [ownType, kernelType] = [own.resolve(member.typeId), kernel.resolve(found.typeId)];
    const isAlike = ownType.kind === kernelType.kind && sizeOf(own, ownType.id) === sizeOf(kernel, kernelType.id);
    return isAlike ? [] : [{ member: member.name, why: 'this kernel has another type for' }];
  });
}

function sizeOf(btf: Btf, typeId: number): number | undefined {
  return btf.hasSize(typeId) ? btf.sizeOf(typeId) : undefined;
}

/** Since 1.4 libbpf passes over members that the kernel does not know and that are all zeros. */
export function skipsZeros(version: string): boolean {
  const [, major, minor] = /^v(\d+)\.(\d+)/.exec(version) ?? [];
  return Number(major) > 1 || Number(minor) >= 4;
}
