import { engine } from '../../src/engine.js';
import { GuestMemory } from '../../src/guest-memory.js';
import type { WasiFiles } from '../../src/wasi/wasi-files.js';
import type { Preopen, WasiHost } from '../../src/wasi/wasi-host.js';
import { wasiImports } from '../../src/wasi/wasi-imports.js';

export interface GuestOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly preopens?: readonly Preopen[];
  readonly files?: WasiFiles;
  readonly terminal?: boolean;
  readonly sleep?: (ms: number) => void;
}

/** Where results are written. */
export const RESULT = 8;

/** A guest's side of WASI: memory of one page, in which texts and structs are laid out one after another. */
export class WasiGuest {
  readonly memory = new GuestMemory();
  readonly stdout: string[] = [];
  readonly stderr: string[] = [];
  readonly slept: number[] = [];
  realtimeNs = 1_700_000_000_123_456_000n;
  monotonicNs = 5_000_000_000n;
  readonly #calls: Readonly<Record<string, (...args: never[]) => unknown>>;
  #free = 1024;

  constructor({ args = [], env = {}, preopens = [], files, terminal = false, sleep }: GuestOptions = {}) {
    this.memory.bind(new engine.Memory({ initial: 1 }));
    const host: WasiHost = {
      memory: this.memory,
      args,
      env: new Map(Object.entries(env)),
      preopens,
      files: files ?? noFiles(),
      stdout: (bytes) => void this.stdout.push(Buffer.from(bytes).toString()),
      stderr: (bytes) => void this.stderr.push(Buffer.from(bytes).toString()),
      isTerminal: () => terminal,
      clock: {
        realtimeNs: () => this.realtimeNs,
        monotonicNs: () => this.monotonicNs,
        processNs: () => 42_000n,
      },
      random: (bytes) => void bytes.fill(7),
      sleep: sleep ?? ((ms) => void this.slept.push(ms)),
    };
    this.#calls = wasiImports(host);
  }

  get functions(): string[] {
    return Object.keys(this.#calls);
  }

  /** What the function gives: 0, or WASI's number of an error. */
  call(name: string, ...args: (number | bigint)[]): number {
    const call = this.#calls[name];
    if (call === undefined) throw new TypeError(`there is no ${name}`);
    return call(...(args as never[])) as number;
  }

  /** Room in the memory, aligned to 8. */
  room(bytes: number): number {
    const at = this.#free;
    this.#free = (at + bytes + 7) & ~7;
    return at;
  }

  /** Lays out anew. */
  forget(): void {
    this.#free = 1024;
  }

  /** Pointer and length of a text. */
  text(text: string | Uint8Array): [number, number] {
    const bytes = Buffer.from(text);
    const at = this.room(bytes.length);
    this.memory.write(at, bytes);
    return [at, bytes.length];
  }

  /** Pointer and number of buffers, as reads and writes take them. */
  vectors(...buffers: readonly (readonly [number, number])[]): [number, number] {
    const at = this.room(buffers.length * 8);
    for (const [index, [pointer, length]] of buffers.entries()) {
      this.memory.setU32(at + index * 8, pointer);
      this.memory.setU32(at + index * 8 + 4, length);
    }
    return [at, buffers.length];
  }

  /** The 32-bit result of the last call. */
  get result(): number {
    return this.memory.u32(RESULT);
  }

  get result64(): bigint {
    return this.memory.struct(RESULT, 8).getBigUint64(0, true);
  }

  utf8(pointer: number, length: number): string {
    return this.memory.utf8(pointer, length);
  }
}

/** A guest without directories never comes to them. */
function noFiles(): WasiFiles {
  return new Proxy({} as WasiFiles, {
    get(_, name) {
      throw new TypeError(`came to the files, for ${String(name)}`);
    },
  });
}
