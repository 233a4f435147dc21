import type { NativeObject } from './binding.js';

/** The one native object that the phases hand on: whoever holds it may use it until it is handed on or closed. */
export class Phase {
  #native: NativeObject | undefined;
  #ended = '';

  constructor(native: NativeObject) {
    this.#native = native;
  }

  /** @throws TypeError when the phase is over: a slip of the program. */
  use(): NativeObject {
    if (this.#native === undefined) throw new TypeError(`The object is no longer usable here: it ${this.#ended}`);
    return this.#native;
  }

  /** Takes the native object out, for the next phase. `ended` completes "it ...". @throws TypeError as `use`. */
  handOn(ended: string): NativeObject {
    const native = this.use();
    this.#native = undefined;
    this.#ended = ended;
    return native;
  }

  /** Whether it was still open. */
  close(): boolean {
    if (this.#native === undefined) return false;
    this.handOn('has been closed').close();
    return true;
  }
}
