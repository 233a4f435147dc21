import type { GuestMemory } from '../guest-memory.js';
import type { WasiFiles } from './wasi-files.js';

/** What a guest is given of the world. What stands here is what it has been granted. */
export interface WasiHost {
  readonly memory: GuestMemory;
  /** The first is the program's name. */
  readonly args: readonly string[];
  readonly env: ReadonlyMap<string, string>;
  /** They get the descriptors 3, 4 and so on. */
  readonly preopens: readonly Preopen[];
  readonly files: WasiFiles;
  /** Writes all of it before it returns. The bytes are the guest's memory: they are valid until then. */
  stdout(bytes: Uint8Array): void;
  stderr(bytes: Uint8Array): void;
  /** Whether they go to a terminal: C programs then write each line at once. */
  isTerminal(stream: 'stdout' | 'stderr'): boolean;
  readonly clock: WasiClock;
  /** Fills it with bytes that nobody can guess. */
  random(bytes: Uint8Array): void;
  /** Returns after that many milliseconds, which may be a fraction or more than any life. @throws what ends the guest, when it is to end meanwhile */
  sleep(ms: number): void;
}

/** A directory that is open for the guest from its start. */
export interface Preopen {
  /** How the guest calls it: an absolute path, or ".". */
  readonly guestPath: string;
  /** The system's descriptor of the directory, readable; the guest's calls may close it. */
  readonly fd: number;
  readonly writable: boolean;
}

export interface WasiClock {
  realtimeNs(): bigint;
  monotonicNs(): bigint;
  /** Time that this process has had on a processor. */
  processNs(): bigint;
}
