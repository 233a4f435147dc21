import type { PermissionClass } from './permission-class.js';

/** Why a package has a permission: one thing that a program or a map of it does. */
export interface Evidence {
  readonly file: string;
  /** The program, where it is about one. */
  readonly program?: string;
  /** What was found: `helper bpf_send_signal`, `field task_struct.pid`, `type xdp`, `map counts`. */
  readonly what: string;
  /** Constant globals on which it depends. */
  readonly behind?: readonly string[];
  /** What more there is to say. */
  readonly note?: string;
  /** That nobody needs to be asked for it, although people are asked for its class: see `ordinary-reads.ts`. */
  readonly ordinary?: true;
}

/** What a package may see or do. */
export interface Permission {
  readonly class: PermissionClass;
  readonly evidence: readonly Evidence[];
}

/** What was found of a package. */
export interface Permissions {
  /** In the order of the classes' table; classes without evidence are left out. */
  readonly permissions: readonly Permission[];
  /** What the tables say nothing about, so that it may be anything. */
  readonly unclassified: readonly Evidence[];
}
