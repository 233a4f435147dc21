import { digestOf, type ObjectFacts, sha256Hex } from '@ebpm/formats';
import { objectFacts, objectsInWasm } from '@ebpm/object';
import type { Judgeable } from '../consent/judgeable.js';

/** A WASM module that is to be run, with the eBPF objects that it carries. */
export class WasmPackage implements Judgeable {
  readonly programs = [];
  readonly #source: string;
  readonly #module: Uint8Array;
  #found: readonly Uint8Array[] | undefined;
  #digests: ReadonlySet<string> | undefined;
  #facts: readonly ObjectFacts[] | undefined;

  constructor(module: Uint8Array, source: string) {
    this.#module = module;
    this.#source = source;
  }

  get digest(): Judgeable['digest'] {
    return digestOf(this.#module);
  }

  /** Whether it carries these very bytes. */
  has(object: Uint8Array): boolean {
    this.#digests ??= new Set(this.#objects().map(sha256Hex));
    return this.#digests.has(sha256Hex(object));
  }

  facts(): readonly ObjectFacts[] {
    this.#facts ??= this.#objects().map((object, part) => objectFacts(object, { file: this.#source, part }));
    return this.#facts;
  }

  #objects(): readonly Uint8Array[] {
    this.#found ??= objectsInWasm(this.#module);
    return this.#found;
  }
}
