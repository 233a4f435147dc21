import type { CoreRelocation } from '../bpf-object.js';
import type { Btf } from '../btf.js';
import type { BtfKind } from '../btf-type.js';
import { essentialName } from '../essential-name.js';
import { CoreRefusal } from './core-miss.js';
import { typeWords } from './subject-text.js';
import { sameKind } from './types-compatible.js';

/** A type of the kernel that a relocation may mean. */
export interface Candidate {
  readonly btf: Btf;
  readonly typeId: number;
}

/**
 * For each type of the object that relocations start from, the types of the kernel that it may stand for: fewer after each relocation
 * that some of them do not have. Types of modules stand in for a name that the kernel itself does not have.
 */
export class CandidateLists {
  readonly #own: Btf;
  readonly #kernel: TypesByName;
  readonly #modules: () => readonly TypesByName[];
  readonly #lists = new Map<number, readonly Candidate[]>();

  constructor(own: Btf, kernel: TypesByName, modules: () => readonly TypesByName[]) {
    this.#own = own;
    this.#kernel = kernel;
    this.#modules = modules;
  }

  /** @throws CoreRefusal for a type without a name */
  of({ typeId }: CoreRelocation): readonly Candidate[] {
    const known = this.#lists.get(typeId);
    if (known !== undefined) return known;
    const { name, kind } = this.#own.type(typeId);
    if (name === '') throw new CoreRefusal({ code: 'unnamed', subject: typeWords(this.#own, typeId) });
    const own = candidatesIn(this.#kernel, name, kind);
    const list = own.length > 0 ? own : this.#modules().flatMap((module) => candidatesIn(module, name, kind));
    this.#lists.set(typeId, list);
    return list;
  }

  /** Keeps the candidates that had what a relocation asked for; all of them where none had. */
  keep({ typeId }: CoreRelocation, matching: readonly Candidate[]): void {
    if (matching.length > 0) this.#lists.set(typeId, matching);
  }
}

/** The types of a kernel or module by essential name, of any kind. */
export interface TypesByName {
  readonly btf: Btf;
  readonly ids: ReadonlyMap<string, readonly number[]>;
}

function candidatesIn({ btf, ids }: TypesByName, name: string, kind: BtfKind): readonly Candidate[] {
  const found = ids.get(essentialName(name)) ?? [];
  return found.filter((id) => sameKind(btf.type(id).kind, kind)).map((typeId) => ({ btf, typeId }));
}
