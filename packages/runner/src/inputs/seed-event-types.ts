/**
 * The first releases of eunomia-bpf tell the struct of a map's events as clang lays it out, in bits, since BTF often has no trace of
 * it. It becomes a struct of BTF again, behind the object's own types, so that everything after this reads it like any other.
 */
import { EbpmError, type SeedField, type SeedLayout, type SeedPackage } from '@ebpm/formats';
import { type AddedMember, type BpfObject, type Btf, type BtfComposite, BtfExtension } from '@ebpm/object';
import type { EventTypeChoice } from './event-types.js';

/** An object whose types include the structs that the package tells, and which map's events are of which. */
export interface SeedTypes {
  readonly object: BpfObject;
  readonly choices: readonly EventTypeChoice[];
}

/**
 * Finds the struct of each map's events in the object's BTF, and adds those that are not there.
 * @throws EBPM_PACKAGE_INCONSISTENT for a layout that no struct can have
 */
export function seedEventTypes(seed: SeedPackage, object: BpfObject, elf: Uint8Array): SeedTypes {
  const told = (seed.maps ?? []).flatMap(({ name, export_data_types: layout }) =>
    layout === undefined || !object.maps.some((map) => map.name === name) ? [] : [{ map: name, layout }],
  );
  const missing = told.filter(({ layout }) => structLike(object.btf, layout) === undefined);
  const choices = told.map(({ map, layout }) => ({ map, struct: structName(layout) }));
  if (missing.length === 0) return { object, choices };
  const more = new BtfExtension(elf);
  const scalars = new ScalarTypes(object.btf, more);
  const layouts = new Map(missing.map(({ layout }) => [structName(layout), layout]));
  for (const [name, layout] of layouts) addStruct(name, layout, more, scalars);
  try {
    return { object: { ...object, btf: more.read() }, choices };
  } catch (cause) {
    if (!(cause instanceof EbpmError)) throw cause;
    throw new EbpmError(
      'EBPM_PACKAGE_INCONSISTENT',
      `Cannot use the event types of "${seed.name ?? 'the package'}": ${cause.message}`,
      { cause },
    );
  }
}

function structName(layout: SeedLayout): string {
  const name = layout['Struct Name'].replace(/^struct[ .]/, '');
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : 'event';
}

/** The object's own struct of that name, where it is the same: it knows better what its members are. */
function structLike(btf: Btf | undefined, layout: SeedLayout): BtfComposite | undefined {
  const type = btf?.find(structName(layout), 'struct');
  if (type?.kind !== 'struct' || type.sizeBytes * 8 !== layout.Size) return undefined;
  const isSame = layout.Fields.every(({ Name, FieldOffset }, index) => {
    const member = type.members[index];
    return member?.name === Name && member.offsetBits === FieldOffset;
  });
  return isSame ? type : undefined;
}

function addStruct(name: string, layout: SeedLayout, more: BtfExtension, scalars: ScalarTypes): void {
  const members = layout.Fields.flatMap((field): AddedMember[] => {
    const typeId = scalars.idOf(field);
    return typeId === undefined ? [] : [{ name: field.Name, typeId, offsetBits: field.FieldOffset }];
  });
  more.struct(name, Math.ceil(layout.Size / 8), members);
}

/** Types that C's own names mean where BTF has no type of that name. */
const SIGNED =
  /^(signed\b.*|char|short|int|long|long long|short int|long int|long long int|s8|s16|s32|s64|__s(8|16|32|64)|int\d+_t|pid_t|ssize_t)$/;

/** Makes each type once: LLVM says the size, C the sign. What LLVM has no single value for (structs, pointers) is left out, as it always was. */
class ScalarTypes {
  readonly #btf: Btf | undefined;
  readonly #more: BtfExtension;
  readonly #ids = new Map<string, number>();

  constructor(btf: Btf | undefined, more: BtfExtension) {
    this.#btf = btf;
    this.#more = more;
  }

  idOf({ Type, LLVMType }: SeedField): number | undefined {
    const [, length, element = LLVMType] = /^\[(\d{1,9}) x (.+)\]$/.exec(LLVMType) ?? [];
    const name = Type.replace(/\s*\[\d+\]$/, '')
      .replace(/\b(const|volatile)\s+/g, '')
      .trim();
    const id = this.#scalar(name, element);
    if (id === undefined || length === undefined) return id;
    return this.#once(`${id}[${length}]`, () => this.#more.array(id, this.#scalar('int', 'i32') ?? id, Number(length)));
  }

  #scalar(name: string, llvm: string): number | undefined {
    if (llvm === 'float' || llvm === 'double') {
      return this.#once(llvm, () => this.#more.float(llvm, llvm === 'float' ? 4 : 8));
    }
    const bits = Number(/^i(1|8|16|32|64|128)$/.exec(llvm)?.[1] ?? 0);
    if (bits === 0) return undefined;
    const sizeBytes = Math.max(1, bits / 8);
    const known = this.#btf?.find(name, 'int', 'typedef');
    if (known !== undefined && this.#btf?.hasSize(known.id) === true && this.#btf.sizeOf(known.id) === sizeBytes) {
      return known.id;
    }
    return this.#once(`${name} ${llvm}`, () => {
      if (bits === 1 || /^_?bool$/i.test(name)) return this.#more.int('bool', sizeBytes, 'bool');
      const isName = /^[A-Za-z_][A-Za-z0-9_ ]{0,60}$/.test(name);
      return this.#more.int(isName ? name : llvm, sizeBytes, SIGNED.test(name) ? 'signed' : 'unsigned');
    });
  }

  #once(key: string, make: () => number): number {
    const id = this.#ids.get(key) ?? make();
    this.#ids.set(key, id);
    return id;
  }
}
