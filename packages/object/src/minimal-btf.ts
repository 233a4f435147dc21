// A minimal BTF is what is left of a kernel's BTF when only the types stay that decide how one object's CO-RE relocations
// resolve. It is made without resolving any of them, so that it cannot resolve them otherwise than libbpf does:
//
// - libbpf looks for the candidates of a relocation by kind and by name (without `___flavour`). All types of such a kind and
//   name stay, whole, with everything that they hold by value: members, elements, what a typedef stands for.
// - It never follows a pointer to look at members, only to compare kinds and names. So what lies behind a pointer or in a
//   function's prototype stays as a shell: a struct or union without members, an enum without values. A shell is never a
//   candidate, since all candidates stay whole.
// - Ids keep their order.
//
// What it cannot serve is said by `usesKernelBtf`.

import type { BpfObject } from './bpf-object.js';
import type { Btf } from './btf.js';
import { type BtfLayout, KIND, kindOf, nameOffsetOf } from './btf-layout.js';
import { type BtfStrings, stringAt } from './btf-strings.js';
import { BTF_KINDS } from './btf-type.js';
import { keepTypes } from './minimal-btf-types.js';
import { writeKeptTypes } from './minimal-btf-writer.js';
import { checkBtf } from './read-btf.js';

/** What is left of a kernel's BTF for one object. */
export interface MinimalBtf {
  readonly bytes: Uint8Array;
  /** Names of types that the object asks for and this kernel's own BTF does not have; its modules may. */
  readonly missing: readonly string[];
}

/**
 * Cuts a kernel's BTF down to what an object's CO-RE relocations need.
 *
 * @param kernel the bytes of `/sys/kernel/btf/vmlinux`
 * @throws EBPM_BTF_INVALID, EBPM_BTF_UNSUPPORTED, EBPM_BTF_TOO_LARGE
 */
export function minimalBtf(kernel: Uint8Array, object: BpfObject): MinimalBtf {
  const { layout, strings } = checkBtf(kernel);
  const roots = object.btf === undefined ? new Map() : wantedNames(object, object.btf);
  const found = new Set<string>();
  const candidates: number[] = [];
  for (let id = 1; id < layout.count; id++) {
    const name = essentialNameOf(layout, strings, id, roots);
    if (name === undefined) continue;
    candidates.push(id);
    found.add(name);
  }
  const bytes = writeKeptTypes(layout, strings, keepTypes(layout, candidates));
  return { bytes, missing: [...roots.keys()].filter((name) => !found.has(name)) };
}

/** The kind numbers that each name is looked for with. */
type WantedNames = ReadonlyMap<string, ReadonlySet<number>>;

function wantedNames({ coreRelocations }: BpfObject, btf: Btf): WantedNames {
  const wanted = new Map<string, Set<number>>();
  for (const { kind, typeId } of coreRelocations) {
    if (kind === 'type_id_local') continue;
    const root = btf.type(typeId);
    const name = essentialName(root.name);
    const kinds = wanted.get(name) ?? new Set();
    kinds.add(comparableKind(BTF_KINDS.indexOf(root.kind)));
    wanted.set(name, kinds);
  }
  return wanted;
}

/** The name of a type by which a relocation would find it; undefined when none would. */
function essentialNameOf(layout: BtfLayout, strings: BtfStrings, id: number, wanted: WantedNames): string | undefined {
  const kind = kindOf(layout, id);
  const nameOffset = nameOffsetOf(layout, id);
  if (nameOffset === 0 || NEVER_ROOTS.has(kind)) return undefined;
  const name = essentialName(stringAt(strings, nameOffset));
  return wanted.get(name)?.has(comparableKind(kind)) === true ? name : undefined;
}

/** Kinds that a kernel has many of and that no relocation starts from: their names need not be looked at. */
const NEVER_ROOTS: ReadonlySet<number> = new Set([KIND.func, KIND.var, KIND.datasec, KIND.declTag, KIND.typeTag]);

/** Enums of 32 and of 64 bits find each other. */
function comparableKind(kind: number): number {
  return kind === KIND.enum64 ? KIND.enum : kind;
}

/**
 * A name without its flavour: `task_struct` of `task_struct___old`.
 * @see https://github.com/libbpf/libbpf/blob/v1.5.0/src/libbpf.c (bpf_core_essential_name_len)
 */
export function essentialName(name: string): string {
  return /^(.*[^_])___[^_].*$/s.exec(name)?.[1] ?? name;
}
