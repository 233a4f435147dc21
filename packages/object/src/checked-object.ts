import type { BpfObject } from './bpf-object.js';
import { readObject } from './read-object.js';

/**
 * An object that was read and checked, with the bytes that were read: its own copy, so that what is opened later is what
 * was checked, even where the caller's memory is shared with another thread. Made by `CheckedObject.read` alone.
 */
export class CheckedObject {
  /** Not to be written to. */
  readonly bytes: Uint8Array;
  readonly object: BpfObject;
  /** Makes the type one that only this class has. */
  readonly #checked = true;

  private constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.object = readObject(bytes);
  }

  /** Copies and checks an object (a `.bpf.o` file). @throws the codes of `readObject` */
  static read(bytes: Uint8Array): CheckedObject {
    return new CheckedObject(Uint8Array.from(bytes));
  }

  /** Whether something is a checked object, and no look-alike. */
  static is(value: unknown): value is CheckedObject {
    return typeof value === 'object' && value !== null && #checked in value;
  }
}
