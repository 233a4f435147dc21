import type { WasmMemory } from './engine.js';
import { GuestFault } from './guest-fault.js';

/**
 * A guest's memory, and the one place where its pointers and lengths are checked. They come as i32, which JavaScript sees signed: -1 is the last byte of 4 GiB.
 * What it gives is a view: not to be kept over a call into the guest, which may grow its memory.
 */
export class GuestMemory {
  #memory: WasmMemory | undefined;
  #bytes = new Uint8Array();
  #view = new DataView(this.#bytes.buffer);

  /** The memory that the instance exports; it is known only once the imports that use it have been made. */
  bind(memory: WasmMemory): void {
    this.#memory = memory;
    this.#look();
  }

  /** Adds pages of 64 KiB at its end; where they begin. @throws RangeError where it may not grow so far */
  grow(pages: number): number {
    this.#look();
    const end = this.#bytes.length;
    this.#memory?.grow(pages);
    return end;
  }

  /** All of it. */
  get all(): Uint8Array {
    this.#look();
    return this.#bytes;
  }

  /** @throws GuestFault where not all of it is the guest's memory */
  bytes(pointer: number, length: number): Uint8Array {
    const at = pointer >>> 0;
    const size = length >>> 0;
    this.#check(at, size);
    return this.#bytes.subarray(at, at + size);
  }

  /** Whether all of it is the guest's memory. @throws GuestFault before there is one */
  holds(pointer: number, length: number): boolean {
    return (pointer >>> 0) + (length >>> 0) <= this.all.length;
  }

  /**
   * A text that ends with NUL, without it; what is not UTF-8 becomes U+FFFD.
   *
   * @throws GuestFault where no NUL stands within `maxBytes` bytes
   */
  text(pointer: number, maxBytes: number): string {
    const at = pointer >>> 0;
    this.#check(at, 0);
    const end = this.#bytes.subarray(at, at + maxBytes + 1).indexOf(0);
    if (end < 0) throw new GuestFault(`gave a text at ${at} that does not end within ${maxBytes} bytes`);
    return this.utf8(at, end);
  }

  /** @throws GuestFault */
  utf8(pointer: number, length: number): string {
    const { buffer, byteOffset, byteLength } = this.bytes(pointer, length);
    return Buffer.from(buffer, byteOffset, byteLength).toString('utf8');
  }

  /** @throws GuestFault */
  u32(pointer: number): number {
    return this.#at(pointer, 4).getUint32(pointer >>> 0, true);
  }

  /** @throws GuestFault */
  setU32(pointer: number, value: number): void {
    this.#at(pointer, 4).setUint32(pointer >>> 0, value, true);
  }

  /** @throws GuestFault */
  setU64(pointer: number, value: bigint): void {
    this.#at(pointer, 8).setBigUint64(pointer >>> 0, value, true);
  }

  /** To read and write a struct of the guest. @throws GuestFault where not all of it is the guest's memory */
  struct(pointer: number, length: number): DataView {
    const { buffer, byteOffset, byteLength } = this.bytes(pointer, length);
    return new DataView(buffer, byteOffset, byteLength);
  }

  /** @throws GuestFault */
  write(pointer: number, bytes: Uint8Array): void {
    this.bytes(pointer, bytes.length).set(bytes);
  }

  #at(pointer: number, size: number): DataView {
    this.#check(pointer >>> 0, size);
    return this.#view;
  }

  #check(at: number, size: number): void {
    this.#look();
    if (at + size <= this.#bytes.length) return;
    throw new GuestFault(`named ${size} bytes at ${at}, and its memory ends at ${this.#bytes.length}`);
  }

  #look(): void {
    const buffer = this.#memory?.buffer;
    if (buffer === undefined) throw new GuestFault('called the host before its memory was there');
    if (buffer === this.#bytes.buffer) return;
    this.#bytes = new Uint8Array(buffer);
    this.#view = new DataView(buffer);
  }
}
