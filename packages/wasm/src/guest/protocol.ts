import type { MapInfo } from '@ebpm/loader';
import type { StopReason } from './guest-stop.js';

/** What a guest's process is told at its start, beside the module and the descriptors of its folders. */
export interface GuestStart {
  readonly args: readonly string[];
  /** Variables of the environment that it may see. */
  readonly env: Readonly<Record<string, string>>;
  /** In the order of the descriptors. */
  readonly folders: readonly { readonly guestPath: string; readonly writable: boolean }[];
  /** Processors that this kernel may have: values of per-CPU maps have a part for each. */
  readonly possibleCpus: number;
  /** How `emit` prints, for whoever makes the printers. */
  readonly output: unknown;
  /** Shown events after which it ends; null: never. */
  readonly maxEvents: number | null;
}

/** What a guest's process asks of the broker, one at a time; the object goes along as bytes. */
export type GuestCall =
  | { readonly call: 'load'; readonly name: string; readonly values?: readonly InitialValue[] }
  | {
      readonly call: 'attach';
      readonly object: number;
      readonly program: string;
      readonly target?: string | undefined;
      /** One of the folders, instead of a path; null for a descriptor that is none of them. */
      readonly folder?: number | null | undefined;
    }
  /** Every program, as the package's metadata says. */
  | { readonly call: 'attach-all'; readonly object: number; readonly settings: unknown }
  | { readonly call: 'perf'; readonly object: number; readonly map: string }
  | { readonly call: 'close'; readonly object: number }
  /** A tool that the package depends on. */
  | { readonly call: 'tool-start'; readonly name: string; readonly args: readonly string[] }
  | { readonly call: 'tool-stop'; readonly tool: number }
  /** The last word. */
  | ({ readonly call: 'end' } & GuestEnd);

/** Bytes that a global starts with. */
export interface InitialValue {
  readonly section: string;
  readonly offsetBytes: number;
  /** In base64. */
  readonly bytes: string;
}

/** What the broker answers. Descriptors of maps and rings go along, in their order. */
export type BrokerAnswer =
  | { readonly loaded: number; readonly maps: readonly MapInfo[] }
  | { readonly rings: { readonly cpus: readonly number[]; readonly pages: number } }
  | { readonly done: true }
  /** The number of a tool; the end of its output that is read goes along. */
  | { readonly started: number }
  /** The exit code of a tool. */
  | { readonly ended: number }
  | { readonly refused: Refusal };

/** Why the broker did not do it. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  /** What to type, where that is known. */
  readonly hint?: string | undefined;
  /** The kernel's, positive, where it was the kernel. */
  readonly errno?: number | undefined;
}

/** What the broker says unasked. */
export interface StopRequest {
  readonly stop: true;
}

/** How a guest has ended, as its process tells it. */
export interface GuestEnd {
  /** Its exit code; with `fault` it has none. */
  readonly exitCode?: number;
  readonly fault?: Refusal;
  /** Why it was unwound, where it did not end by itself. */
  readonly stopped?: StopReason;
  readonly buffers: readonly BufferTotals[];
  /** Records that were printed for it; where it prints by itself, the events that it was given. */
  readonly shown: number;
}

/** What came out of one buffer. */
export interface BufferTotals {
  /** The broker's number for the object. */
  readonly object: number;
  readonly map: string;
  readonly kind: 'ring buffer' | 'perf buffer';
  readonly delivered: number;
  /** As the kernel counts it; null for a ring buffer. */
  readonly lost: number | null;
}
