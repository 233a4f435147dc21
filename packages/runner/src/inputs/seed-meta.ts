import type { EunomiaDataSection, EunomiaMeta, EunomiaVariable, SeedPackage } from '@ebpm/formats';
import type { BpfObject } from '@ebpm/object';
import { objectMeta, objectNameOf } from './object-meta.js';

/**
 * Metadata of a package of eunomia-bpf's first releases: what its object says, the values that it sets variables to, and for
 * each map of events the struct that it describes. Its own offsets of variables, which leave out padding, are not used.
 */
export function seedMeta(seed: SeedPackage, object: BpfObject): EunomiaMeta {
  const meta = objectMeta(object, objectNameOf(seed.name ?? ''));
  const { description } = seed;
  const doc = typeof description === 'string' && description !== '' ? { doc: { brief: description } } : {};
  return { ...meta, bpf_skel: { ...meta.bpf_skel, ...doc, data_sections: presetVariables(seed, object) } };
}

/** Variables that the package gives a value; one that the object does not have is passed over, as it always was. */
function presetVariables({ runtime_args }: SeedPackage, object: BpfObject): EunomiaDataSection[] {
  const values = new Map(Object.entries(runtime_args ?? {}));
  return object.dataSections
    .map(({ name, variables }) => ({
      name,
      variables: variables
        .filter((variable) => variable.linkage !== 'static' && values.has(variable.name))
        .map((variable) => preset(variable.name, values.get(variable.name))),
    }))
    .filter(({ variables }) => variables.length > 0);
}

/** The generated type of a value knows objects alone, the schema allows anything. */
function preset(name: string, value: unknown): EunomiaVariable {
  return { name, type: '', value: value as NonNullable<EunomiaVariable['value']> };
}
