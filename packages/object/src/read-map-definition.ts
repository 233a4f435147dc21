import type { BpfMapDefinition } from './bpf-object.js';
import type { Btf } from './btf.js';
import type { BtfComposite, BtfMember } from './btf-type.js';
import { refusal } from './refusal.js';

/** BPF_MAP_TYPE_* of maps that can hold maps or programs from the start. */
const PROG_ARRAY = 3;
const ARRAY_OF_MAPS = 12;
const HASH_OF_MAPS = 13;

/** A map's value that is a file descriptor. */
const FD_BYTES = 4;

/** What the struct behind a map says. */
export interface ReadMapDefinition extends BpfMapDefinition {
  readonly pinning: number;
  readonly inner: BpfMapDefinition | undefined;
}

type Draft = { -readonly [Key in keyof ReadMapDefinition]: ReadMapDefinition[Key] };

/**
 * Reads the struct with which a map is defined. A number N is written as a member of type "pointer to array of N ints", a
 * type as a member that points to it.
 * @see https://github.com/libbpf/libbpf/blob/v1.5.0/src/libbpf.c (parse_btf_map_def)
 * @throws EBPM_OBJECT_INVALID, EBPM_OBJECT_UNSUPPORTED
 */
export function readMapDefinition(btf: Btf, name: string, definition: BtfComposite): ReadMapDefinition {
  return new DefinitionReader(btf, name).read(definition, true);
}

class DefinitionReader {
  readonly #btf: Btf;
  readonly #name: string;

  constructor(btf: Btf, name: string) {
    this.#btf = btf;
    this.#name = name;
  }

  read(definition: BtfComposite, outer: boolean): ReadMapDefinition {
    const draft: Draft = {
      type: 0,
      keySizeBytes: 0,
      valueSizeBytes: 0,
      maxEntries: 0,
      flags: 0,
      numaNode: 0,
      extra: 0n,
      keyTypeId: undefined,
      valueTypeId: undefined,
      pinning: 0,
      inner: undefined,
    };
    const seen = new Set<string>();
    for (const [index, member] of definition.members.entries()) {
      if (seen.has(member.name)) throw this.#invalid(`it has two members "${member.name}"`);
      seen.add(member.name);
      if (!outer && (member.name === 'values' || member.name === 'pinning')) {
        throw this.#unsupported(`its inner map has "${member.name}"`);
      }
      if (member.name === 'values' && index !== definition.members.length - 1) {
        throw this.#invalid('"values" is not its last member');
      }
      this.#member(draft, member);
    }
    if (draft.type === 0) throw this.#invalid('it has no type');
    return draft;
  }

  #member(draft: Draft, member: BtfMember): void {
    switch (member.name) {
      case 'type':
        draft.type = this.#number(member);
        return;
      case 'max_entries':
        draft.maxEntries = this.#number(member);
        return;
      case 'map_flags':
        draft.flags = this.#number(member);
        return;
      case 'numa_node':
        draft.numaNode = this.#number(member);
        return;
      case 'map_extra':
        draft.extra = this.#long(member);
        return;
      case 'pinning':
        draft.pinning = this.#number(member);
        if (draft.pinning > 1) throw this.#invalid(`its pinning is ${draft.pinning}, wanted 0 or 1`);
        return;
      case 'key_size':
        draft.keySizeBytes = this.#agreed('key', draft.keySizeBytes, this.#number(member));
        return;
      case 'value_size':
        draft.valueSizeBytes = this.#agreed('value', draft.valueSizeBytes, this.#number(member));
        return;
      case 'key':
        draft.keyTypeId = this.#pointee(member);
        draft.keySizeBytes = this.#agreed('key', draft.keySizeBytes, this.#sizeOf('key', draft.keyTypeId));
        return;
      case 'value':
        draft.valueTypeId = this.#pointee(member);
        draft.valueSizeBytes = this.#agreed('value', draft.valueSizeBytes, this.#sizeOf('value', draft.valueTypeId));
        return;
      case 'values':
        this.#values(draft, member);
        return;
      default:
        throw this.#unsupported(`it has the unknown member "${member.name}"`);
    }
  }

  #values(draft: Draft, member: BtfMember): void {
    const holdsMaps = draft.type === ARRAY_OF_MAPS || draft.type === HASH_OF_MAPS;
    if (!holdsMaps && draft.type !== PROG_ARRAY) throw this.#unsupported(`a map of type ${draft.type} has "values"`);
    draft.valueSizeBytes = this.#agreed('value', draft.valueSizeBytes, FD_BYTES);
    const array = this.#btf.type(member.typeId);
    const element = array.kind === 'array' && array.length === 0 ? this.#btf.resolve(array.elementTypeId) : undefined;
    const target = element?.kind === 'ptr' ? this.#btf.resolve(element.typeId) : undefined;
    if (holdsMaps && target?.kind === 'struct') draft.inner = this.#inner(target);
    else if (holdsMaps || target?.kind !== 'func_proto') {
      throw this.#invalid(`"values" is "${this.#btf.nameOf(member.typeId)}"`);
    }
  }

  #inner(definition: BtfComposite): BpfMapDefinition {
    const { pinning: _pinning, inner: _inner, ...inner } = this.read(definition, false);
    return inner;
  }

  #number(member: BtfMember): number {
    const pointer = this.#btf.resolve(member.typeId);
    const array = pointer.kind === 'ptr' ? this.#btf.type(pointer.typeId) : undefined;
    if (array?.kind !== 'array') throw this.#notNumber(member);
    return array.length;
  }

  /** A number that an array's length cannot hold is the only value of an enum. */
  #long(member: BtfMember): bigint {
    const type = this.#btf.resolve(member.typeId);
    if (type.kind !== 'enum' && type.kind !== 'enum64') return BigInt(this.#number(member));
    const [value] = type.values;
    if (value === undefined || type.values.length !== 1) throw this.#notNumber(member);
    return BigInt.asUintN(64, value.value);
  }

  #pointee(member: BtfMember): number {
    const pointer = this.#btf.type(member.typeId);
    if (pointer.kind !== 'ptr') {
      throw this.#invalid(`its ${member.name} is "${this.#btf.nameOf(member.typeId)}", wanted a pointer to a type`);
    }
    return pointer.typeId;
  }

  #sizeOf(what: string, typeId: number): number {
    const size = this.#btf.hasSize(typeId) ? this.#btf.sizeOf(typeId) : undefined;
    if (size === undefined) throw this.#invalid(`its ${what} is "${this.#btf.nameOf(typeId)}", which has no size`);
    return size;
  }

  #agreed(what: string, known: number, stated: number): number {
    if (known !== 0 && known !== stated) throw this.#invalid(`its ${what} has ${known} and ${stated} bytes`);
    return stated;
  }

  #notNumber(member: BtfMember): Error {
    return this.#invalid(`its ${member.name} is "${this.#btf.nameOf(member.typeId)}", wanted a number`);
  }

  #invalid(reason: string): Error {
    return refusal('EBPM_OBJECT_INVALID', `map "${this.#name}": ${reason}`, { section: '.maps' });
  }

  #unsupported(reason: string): Error {
    return refusal('EBPM_OBJECT_UNSUPPORTED', `map "${this.#name}": ${reason}`, { section: '.maps' });
  }
}
