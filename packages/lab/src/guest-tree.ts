import { posix } from 'node:path';

/** A file of the host that is copied when the archive is written. */
export interface HostFile {
  readonly hostPath: string;
  readonly sizeBytes: number;
}

/** What stands at one path of the guest. */
export type GuestEntry =
  | { readonly kind: 'file'; readonly mode: number; readonly content: Uint8Array | HostFile }
  | { readonly kind: 'directory'; readonly mode: number }
  | { readonly kind: 'link'; readonly target: string };

/** The guest's files by absolute, normal path. The order is that of the archive: a folder stands before what is in it. */
export type GuestTree = Map<string, GuestEntry>;

/** Puts an entry into the tree, over an older one; folders that it needs are made with mode 0755. */
export function putEntry(tree: GuestTree, path: string, entry: GuestEntry): void {
  const parent = posix.dirname(path);
  if (parent !== path && !tree.has(parent)) putEntry(tree, parent, { kind: 'directory', mode: 0o755 });
  tree.set(path, entry);
}

/** Puts text as a file with mode 0644, or 0755 if it is a script. */
export function putText(tree: GuestTree, path: string, text: string): void {
  const mode = text.startsWith('#!') ? 0o755 : 0o644;
  putEntry(tree, path, { kind: 'file', mode, content: new TextEncoder().encode(text) });
}
