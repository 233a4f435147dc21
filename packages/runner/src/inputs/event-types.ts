import { EbpmError, type EunomiaExportType, type EunomiaMap, type EunomiaMeta } from '@ebpm/formats';
import { type BpfMap, type Btf, type BtfComposite, carriesEvents, type OutputCall, outputCalls } from '@ebpm/object';
import { MAX_SHOWN_NAMES } from '../limits.js';
import type { RunnablePackage } from '../runnable-package.js';
import { candidateStructs } from './candidate-structs.js';
import { type DerivedType, deriveEventType } from './derive-event-type.js';

/** What somebody says of a map's events; without a map, of all maps that carry events. */
export interface EventTypeChoice {
  readonly map: string | undefined;
  readonly struct: string;
}

/**
 * A package whose metadata says of which struct each map's events are: as chosen, else as it said before, else as the object
 * proves. Where neither is known the metadata stays without, and `missingEventType` says why.
 *
 * @throws EBPM_EVENT_TYPE_UNKNOWN for a choice of a map or struct that is not there
 */
export function withEventTypes(pkg: RunnablePackage, choices: readonly EventTypeChoice[]): RunnablePackage {
  for (const choice of choices) checkChoice(pkg, choice);
  const maps = eventMaps(pkg, choices);
  const isSaid = pkg.meta.enable_multiple_export_types === true || pkg.meta.export_types.length > 0;
  if (pkg.object.btf === undefined || maps.length === 0) return pkg;
  const derive = deriver(pkg);
  if (isSaid && choices.length === 0) return withProvedTypes(pkg, maps, derive);
  const types = new Map<string, BtfComposite>();
  for (const map of maps) {
    const struct = chosenStruct(pkg, map, choices) ?? (isSaid ? saidStruct(pkg, map) : structIn(derive(map)));
    if (struct !== undefined) types.set(map.name, struct);
  }
  const untypedMaps = isSaid ? [] : maps.filter(({ name }) => !types.has(name));
  if (types.size === 0) return { ...pkg, untypedMaps };
  return { ...pkg, untypedMaps, meta: metaWith(pkg.meta, pkg.object.btf, types, maps.length) };
}

/**
 * The same where the metadata has several types for several maps and does not say which belongs to which, if the object proves it for each;
 * else as it was.
 */
function withProvedTypes(
  pkg: RunnablePackage,
  maps: readonly BpfMap[],
  derive: (map: BpfMap) => DerivedType,
): RunnablePackage {
  const { enable_multiple_export_types: saysOfEach, export_types: types } = pkg.meta;
  const { btf } = pkg.object;
  if (btf === undefined || saysOfEach === true || types.length < 2 || maps.length < 2) return pkg;
  const proved = maps.flatMap((map): [string, BtfComposite][] => {
    const struct = structIn(derive(map));
    return struct === undefined ? [] : [[map.name, struct]];
  });
  return proved.length < maps.length ? pkg : { ...pkg, meta: metaWith(pkg.meta, btf, new Map(proved), maps.length) };
}

/**
 * Why nobody knows of which struct the events of a map are, which structs there are, and how to choose one.
 * An error with EBPM_EVENT_TYPE_MISSING.
 */
export function missingEventType(pkg: RunnablePackage, map: BpfMap): EbpmError {
  const { reason, cure, candidates } = whyUntyped(pkg, map);
  return new EbpmError(
    'EBPM_EVENT_TYPE_MISSING',
    `Cannot tell of which struct the events of map "${map.name}" are: ${reason}`,
    {
      hint: cure,
      data: { map: map.name, candidates: candidates.map(({ name, sizeBytes }) => ({ name, sizeBytes })) },
    },
  );
}

/** Why the struct of a map's events is not known, in words, and what to type. */
export interface UntypedMap {
  readonly reason: string;
  readonly cure: string;
  readonly candidates: readonly BtfComposite[];
}

/** Says of a map what keeps anybody from reading its events. */
export function whyUntyped(pkg: RunnablePackage, map: BpfMap): UntypedMap {
  const derived = deriver(pkg)(map);
  const reason = derived.ok ? 'the package does not say it' : derived.reason;
  const candidates = derived.ok ? [derived.struct] : derived.candidates;
  const names = candidates.slice(0, MAX_SHOWN_NAMES).map(({ name, sizeBytes }) => `${name} (${sizeBytes} bytes)`);
  const more = candidates.length > names.length ? ', ...' : '';
  const [first] = candidates;
  return {
    reason: names.length === 0 ? reason : `${reason}; there are ${names.join(', ')}${more}`,
    cure:
      first === undefined
        ? 'Keep the struct in the object with a pointer, "struct event *unused;", and compile it again'
        : `Choose one: --event-type ${map.name}=${first.name}`,
    candidates,
  };
}

/** Instructions are walked through once for all maps, and not at all where nobody asks. */
function deriver({ object, checked }: RunnablePackage): (map: BpfMap) => DerivedType {
  const { btf } = object;
  let calls: readonly OutputCall[] | undefined;
  return (map) => {
    if (btf === undefined) return { ok: false, reason: 'the object has no BTF', candidates: [] };
    calls ??= outputCalls(checked.bytes, object.maps);
    return deriveEventType(map, { object, btf, candidates: candidateStructs(object), calls });
  };
}

/** The maps that carry events and that the metadata or somebody names; internal maps and those that are sampled do not. */
function eventMaps({ object, meta }: RunnablePackage, choices: readonly EventTypeChoice[]): readonly BpfMap[] {
  const listed = new Map(meta.bpf_skel.maps.map((map) => [map.name, map]));
  return object.maps.filter(
    (map) =>
      carriesEvents(map) &&
      listed.get(map.name)?.sample === undefined &&
      (listed.has(map.name) || choices.some((choice) => choice.map === undefined || choice.map === map.name)),
  );
}

function chosenStruct(
  { object }: RunnablePackage,
  map: BpfMap,
  choices: readonly EventTypeChoice[],
): BtfComposite | undefined {
  const choice =
    choices.findLast((candidate) => candidate.map === map.name) ??
    choices.findLast((candidate) => candidate.map === undefined);
  return choice === undefined ? undefined : structNamed(object.btf, choice.struct);
}

/** What the metadata says of a map that no choice is made for. */
function saidStruct({ object, meta }: RunnablePackage, { name }: BpfMap): BtfComposite | undefined {
  if (meta.enable_multiple_export_types !== true) return structNamed(object.btf, meta.export_types[0]?.name ?? '');
  const config = meta.bpf_skel.maps.find((map) => map.name === name)?.export_config;
  if (typeof config !== 'object' || !('btf_type_id' in config)) return undefined;
  const id = config.btf_type_id;
  if (typeof id !== 'number') return undefined;
  const type = id < (object.btf?.count ?? 0) ? object.btf?.resolve(id) : undefined;
  return type?.kind === 'struct' ? type : undefined;
}

function structIn(derived: DerivedType): BtfComposite | undefined {
  return derived.ok ? derived.struct : undefined;
}

function structNamed(btf: Btf | undefined, name: string): BtfComposite | undefined {
  const type = btf?.find(name.replace(/^struct\s+/, ''), 'struct');
  return type?.kind === 'struct' ? type : undefined;
}

/** One map is told as eunomia-bpf's compiler tells it; several each say their own. */
function metaWith(
  meta: EunomiaMeta,
  btf: Btf,
  types: ReadonlyMap<string, BtfComposite>,
  mapCount: number,
): EunomiaMeta {
  const [first] = types.values();
  const saysOfEach = meta.enable_multiple_export_types === true;
  const maps = [...meta.bpf_skel.maps, ...unnamed(meta, types.keys())];
  if (mapCount === 1 && first !== undefined && !saysOfEach) {
    return { ...meta, bpf_skel: { ...meta.bpf_skel, maps }, export_types: [exportType(btf, first)] };
  }
  const exported = maps.map((map): EunomiaMap => {
    const struct = types.get(map.name);
    if (struct !== undefined) return { ...map, export_config: { btf_type_id: struct.id } };
    // Those are shown, unless the package says of each map whether it is.
    return map.sample === undefined || saysOfEach ? map : { ...map, export_config: 'default' };
  });
  return { ...meta, enable_multiple_export_types: true, bpf_skel: { ...meta.bpf_skel, maps: exported } };
}

function unnamed(meta: EunomiaMeta, names: Iterable<string>): readonly EunomiaMap[] {
  const named = new Set(meta.bpf_skel.maps.map(({ name }) => name));
  return [...names].filter((name) => !named.has(name)).map((name) => ({ name, ident: name }));
}

function exportType(btf: Btf, { name, sizeBytes, id, members }: BtfComposite): EunomiaExportType {
  return {
    name,
    size: sizeBytes,
    type_id: id,
    members: members.map((member) => ({ name: member.name, type: btf.nameOf(member.typeId) })),
  };
}

function checkChoice(pkg: RunnablePackage, { map, struct }: EventTypeChoice): void {
  const action = `Cannot read the events of "${pkg.name}" as "${struct}"`;
  const maps = pkg.object.maps.filter(carriesEvents).map(({ name }) => name);
  if (map !== undefined && !maps.includes(map)) {
    const there = maps.length === 0 ? 'it has no map that carries events' : `its event maps are ${maps.join(', ')}`;
    throw new EbpmError('EBPM_EVENT_TYPE_UNKNOWN', `${action}: it has no event map "${map}"; ${there}`);
  }
  if (structNamed(pkg.object.btf, struct) !== undefined) return;
  const names = candidateStructs(pkg.object).map((candidate) => candidate.struct.name);
  const there = names.length === 0 ? 'none' : names.slice(0, MAX_SHOWN_NAMES).join(', ');
  throw new EbpmError('EBPM_EVENT_TYPE_UNKNOWN', `${action}: its object has no such struct; there are ${there}`);
}
