import { customRecordType, type RecordType, recordType } from '@ebpm/events';
import type { EunomiaCustomMember, EunomiaMeta } from '@ebpm/formats';
import type { BpfMap, Btf } from '@ebpm/object';
import { missingEventType } from '../inputs/event-types.js';
import type { RunnablePackage } from '../runnable-package.js';
import type { DescribedMap } from './described-maps.js';
import { inconsistent } from './inconsistent.js';

/**
 * The one type that a package's events have.
 *
 * @throws EBPM_EVENT_TYPE_MISSING, EBPM_PACKAGE_INCONSISTENT, the codes of `recordType`
 */
export function exportedType(pkg: RunnablePackage, map: BpfMap): RecordType {
  const [exported] = pkg.meta.export_types;
  if (exported === undefined) throw missingEventType(pkg, map);
  checkExportedType(pkg, exported);
  return recordType(btfOf(pkg), exported.type_id);
}

/**
 * The type that a map's own `export_config` gives; undefined for `default`.
 *
 * @throws EBPM_PACKAGE_INCONSISTENT for a type that is not there, the codes of `recordType` and `customRecordType`
 */
export function configuredType(pkg: RunnablePackage, { map, described }: DescribedMap): RecordType | undefined {
  const config = described.export_config;
  if (config === undefined || typeof config === 'string') return undefined;
  const btf = btfOf(pkg);
  if (hasMembers(config)) {
    const members = config.custom_members.map(({ name, offset, btf_type_id }) => ({
      name,
      offsetBytes: offset,
      typeId: btf_type_id,
    }));
    return customRecordType(btf, map.name, members);
  }
  const id = config.btf_type_id;
  if (id === 0 || id >= btf.count) {
    throw inconsistent(pkg, `map "${map.name}" exports type ${id}, which its object does not have`);
  }
  return recordType(btf, id);
}

/** The metadata was validated: an array under that key is one of members. */
function hasMembers(config: object): config is { readonly custom_members: readonly EunomiaCustomMember[] } {
  return 'custom_members' in config && Array.isArray(config.custom_members);
}

function btfOf(pkg: RunnablePackage): Btf {
  const { btf } = pkg.object;
  if (btf === undefined) throw inconsistent(pkg, 'it names an event type, and its object has no BTF');
  return btf;
}

function checkExportedType(pkg: RunnablePackage, exported: EunomiaMeta['export_types'][number]): void {
  const btf = btfOf(pkg);
  const type = exported.type_id < btf.count ? btf.type(exported.type_id) : undefined;
  if (type?.kind !== 'struct' || type.name !== exported.name) {
    throw inconsistent(pkg, `type ${exported.type_id} of its object is not "struct ${exported.name}"`);
  }
  if (type.members.length !== exported.members.length) {
    throw inconsistent(
      pkg,
      `"struct ${exported.name}" has ${type.members.length} members in its object and ${exported.members.length} in its metadata`,
    );
  }
}
