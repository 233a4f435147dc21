/**
 * Compilers of early 2023 wrote today's form for a loader that took other things for granted. Their packages are known by what
 * they say of variables: later compilers leave out where a variable lies, since BTF says it. A version of 0.3 or more is later.
 */

type Json = Readonly<Record<string, unknown>>;

const PLACES = ['size', 'align', 'offset'];

const SAMPLE_TYPES: readonly unknown[] = ['log2_hist', 'linear_hist', 'default_kv'];

/**
 * Metadata with what the loader of that time took for granted: sampled maps are emptied after each reading, unknown ways to print
 * them are the plain one, column titles are printed. Anything else is given back as it is, sound or not.
 */
export function withOldDefaults(meta: unknown): unknown {
  if (!isJson(meta) || !isJson(meta['bpf_skel']) || !isOld(meta['bpf_skel'], meta['eunomia_version'])) return meta;
  const skel = meta['bpf_skel'];
  const maps = Array.isArray(skel['maps']) ? skel['maps'].map(mapWithDefaults) : skel['maps'];
  return { print_header: true, ...meta, bpf_skel: { ...skel, maps } };
}

function isOld(skel: Json, version: unknown): boolean {
  if (version !== undefined && !/^0\.[012]\./.test(String(version))) return false;
  const variables = list(skel['data_sections']).flatMap((section) =>
    isJson(section) ? list(section['variables']) : [],
  );
  return variables.some((variable) => isJson(variable) && PLACES.some((place) => typeof variable[place] === 'number'));
}

function mapWithDefaults(map: unknown): unknown {
  if (!isJson(map) || !isJson(map['sample'])) return map;
  const { type } = map['sample'];
  const sample = { clear_map: true, ...map['sample'] };
  const isUnknown = typeof type === 'string' && !SAMPLE_TYPES.includes(type);
  return { ...map, sample: isUnknown ? { ...sample, type: 'default_kv' } : sample };
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
