import {
  type BpfMap,
  type BpfObject,
  carriesEvents,
  outputCalls,
  programKind,
  readElf,
  readObject,
} from '@ebpm/object';
import { Identifiers, identifierOf } from './identifiers.js';
import type { Layout, RecordLayout } from './layout.js';
import { LayoutReader } from './layout-reader.js';

/** Everything of an object that generated code of a guest speaks of. */
export interface Skeleton {
  /** Name that the object's file has, without `.bpf.o`. */
  readonly stem: string;
  readonly identifier: string;
  /** The object's own bytes, which the guest carries. */
  readonly object: Uint8Array;
  /** In the order in which they can be declared. */
  readonly records: readonly RecordLayout[];
  /** Those that a guest can hand over to be printed: the host finds them by their name. */
  readonly printable: readonly RecordLayout[];
  readonly globals: readonly SkeletonGlobal[];
  readonly maps: readonly SkeletonMap[];
  readonly programs: readonly SkeletonProgram[];
}

/** A global variable whose first value lies in the object. */
export interface SkeletonGlobal {
  readonly identifier: string;
  /** From the object's start. */
  readonly offsetBytes: number;
  readonly layout: Layout;
}

export interface SkeletonMap {
  readonly name: string;
  readonly identifier: string;
  /** What a guest does with it: polls records, or reads and writes entries. */
  readonly use: 'records' | 'entries' | 'none';
  /** Whether a value is one for each processor. */
  readonly perCpu: boolean;
  /** What its records are; undefined where the object does not prove it, or they differ. */
  readonly record: RecordLayout | undefined;
  readonly key: Layout;
  readonly value: Layout;
}

export interface SkeletonProgram {
  readonly name: string;
  readonly identifier: string;
  /** Whether its section's name is all that attaching needs. */
  readonly attachesItself: boolean;
}

/** What to make a skeleton of. */
export interface SkeletonSource {
  /** NAME of `NAME.bpf.o`. */
  readonly stem: string;
  readonly object: Uint8Array;
  /** Further structs of the object's types that the guest is to know. */
  readonly structs?: readonly string[];
}

/**
 * Reads the skeleton of an object.
 * @throws EBPM_BUILD_TOO_LARGE, and EBPM_ELF_*, EBPM_BTF_*, EBPM_OBJECT_* for an object that cannot be read
 */
export function readSkeleton({ stem, object, structs = [] }: SkeletonSource): Skeleton {
  const read = readObject(object);
  const layouts = read.btf === undefined ? undefined : new LayoutReader(read.btf, TAKEN_TYPES);
  const events = [...new Set([...pinnedStructs(read), ...structs])].flatMap((name) => recordNamed(name, read, layouts));
  const globals = readGlobals(read, object, layouts);
  const maps = readMaps(read, object, events, layouts);
  const used = new Set([...events, ...maps.flatMap(({ key, value }) => recordsOf(key, value))]);
  return {
    stem,
    identifier: identifierOf(stem),
    object,
    records: layouts?.records ?? [],
    printable: [...used].filter(({ name, union }) => name !== '' && !union),
    globals,
    maps,
    programs: readPrograms(read),
  };
}

/** What generated code calls its own types. */
const TAKEN_TYPES = ['skel', 'object'];
/** What generated code calls what it has for an object. */
const TAKEN_NAMES = ['object', 'load', 'attach', 'close', 'maps'];

const PER_CPU_MAPS: ReadonlySet<number> = new Set([5, 6, 10]);
/** Maps whose entries user space reads and writes: hashes and arrays, whole, least recently used, per processor, and by prefix. */
const ENTRY_MAPS: ReadonlySet<number> = new Set([1, 2, 5, 6, 9, 10, 11]);

/** The structs that compilers keep in the types by a pointer with such a name; ebpm's and eunomia-bpf's do. */
const PIN = /^__eunomia_dummy_(\w+)_ptr$/;

function pinnedStructs({ btf }: BpfObject): readonly string[] {
  if (btf === undefined) return [];
  return [...btf.ofKind('var')].flatMap(({ name }) => PIN.exec(name)?.[1] ?? []);
}

function recordNamed(name: string, { btf }: BpfObject, layouts: LayoutReader | undefined): readonly RecordLayout[] {
  const type = btf?.find(name, 'struct');
  return type === undefined || layouts === undefined ? [] : recordsOf(layouts.of(type.id, name));
}

function recordsOf(...layouts: readonly Layout[]): readonly RecordLayout[] {
  return layouts.flatMap((layout) => (layout.kind === 'record' ? [layout.record] : []));
}

function readGlobals(
  read: BpfObject,
  object: Uint8Array,
  layouts: LayoutReader | undefined,
): readonly SkeletonGlobal[] {
  const identifiers = new Identifiers();
  const { sections } = readElf(object);
  return read.dataSections.flatMap(({ sectionIndex, bytes, variables }) => {
    const start = sections[sectionIndex]?.offsetBytes;
    if (bytes === undefined || start === undefined || layouts === undefined) return [];
    return variables
      .filter(({ linkage, typeId }) => linkage !== 'static' && read.btf?.hasSize(typeId))
      .map(({ name, offsetBytes, typeId }) => ({
        identifier: identifiers.of(name),
        offsetBytes: start + offsetBytes,
        layout: layouts.of(typeId, name),
      }));
  });
}

function readMaps(
  read: BpfObject,
  object: Uint8Array,
  events: readonly RecordLayout[],
  layouts: LayoutReader | undefined,
): readonly SkeletonMap[] {
  const identifiers = new Identifiers(TAKEN_NAMES);
  const calls = outputCalls(object, read.maps);
  const layoutOf = (typeId: number | undefined, sizeBytes: number, name: string): Layout =>
    typeId === undefined || layouts === undefined ? { kind: 'bytes', sizeBytes } : layouts.of(typeId, name);
  return read.maps.map((map) => {
    const identifier = identifiers.of(map.name);
    const sent = calls.filter((call) => call.map === map.name).map(({ sizeBytes }) => sizeBytes);
    return {
      name: map.name,
      identifier,
      use: useOf(map),
      perCpu: PER_CPU_MAPS.has(map.type),
      record: carriesEvents(map) ? recordOf(sent, events) : undefined,
      key: layoutOf(map.keyTypeId, map.keySizeBytes, `${identifier}_key`),
      value: layoutOf(map.valueTypeId, map.valueSizeBytes, `${identifier}_value`),
    };
  });
}

function useOf({ type, keySizeBytes, valueSizeBytes }: BpfMap): SkeletonMap['use'] {
  if (carriesEvents({ type })) return 'records';
  return ENTRY_MAPS.has(type) && keySizeBytes > 0 && valueSizeBytes > 0 ? 'entries' : 'none';
}

/** The one struct that has the size of all that is sent; the only one that there is, where sizes tell nothing. */
function recordOf(sent: readonly (number | undefined)[], events: readonly RecordLayout[]): RecordLayout | undefined {
  const sizes = new Set(sent);
  const [size] = sizes;
  const fitting = size === undefined ? events : events.filter(({ sizeBytes }) => sizeBytes === size);
  return sizes.size <= 1 && fitting.length === 1 ? fitting[0] : undefined;
}

function readPrograms({ programs }: BpfObject): readonly SkeletonProgram[] {
  const identifiers = new Identifiers(TAKEN_NAMES);
  return programs.map(({ name, section }) => {
    const kind = programKind(section);
    const attachesItself = kind?.autoAttach === true && kind.autoload;
    return { name, identifier: identifiers.of(name, ['_to', '_fd']), attachesItself };
  });
}
