import type { CoreRelocation } from '../bpf-object.js';
import type { Btf } from '../btf.js';
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
 * that some of them do not have.
 */
export class CandidateLists {
  readonly #own: Btf;
  readonly #kernel: Btf;
  readonly #idsByName: ReadonlyMap<string, readonly number[]>;
  readonly #lists = new Map<number, readonly Candidate[]>();

  /** @param idsByName types of the kernel by essential name, of any kind */
  constructor(own: Btf, kernel: Btf, idsByName: ReadonlyMap<string, readonly number[]>) {
    this.#own = own;
    this.#kernel = kernel;
    this.#idsByName = idsByName;
  }

  /** @throws CoreRefusal for a type without a name */
  of({ typeId }: CoreRelocation): readonly Candidate[] {
    const known = this.#lists.get(typeId);
    if (known !== undefined) return known;
    const { name, kind } = this.#own.type(typeId);
    if (name === '') throw new CoreRefusal({ code: 'unnamed', subject: typeWords(this.#own, typeId) });
    const ids = this.#idsByName.get(essentialName(name)) ?? [];
    const list = ids
      .filter((id) => sameKind(this.#kernel.type(id).kind, kind))
      .map((id) => ({ btf: this.#kernel, typeId: id }));
    this.#lists.set(typeId, list);
    return list;
  }

  /** Keeps the candidates that had what a relocation asked for; all of them where none had. */
  keep({ typeId }: CoreRelocation, matching: readonly Candidate[]): void {
    if (matching.length > 0) this.#lists.set(typeId, matching);
  }
}
