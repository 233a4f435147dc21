import { EbpmError, parseVersion } from '@ebpm/formats';
import { OPERATOR } from '../fold/principal.js';
import type { Op } from '../log/op.js';

/** Which operations of the public log are to be erased, because what they are about was taken down. */
export class Erasures {
  readonly #versions = new Set<string>();
  readonly #packages = new Map<string, number>();
  readonly #names = new Set<string>();

  /** To be called with every operation of the log before anything is asked. */
  note(op: Op, seq: number): void {
    if (op.type !== 'takedown' || op.by !== OPERATOR || typeof op['name'] !== 'string') return;
    const { name, version } = op;
    this.#names.add(name);
    if (version === undefined) this.#packages.set(name, seq);
    else this.#versions.add(versionOf(op));
  }

  /** The packages of which something is to be erased. */
  get names(): ReadonlySet<string> {
    return this.#names;
  }

  /** Leaves a package as it is. */
  spare(name: string): void {
    this.#names.delete(name);
  }

  /** Whether an operation of entry `seq` is to go. */
  has(op: Op, seq: number): boolean {
    const { type, name } = op;
    if (typeof name !== 'string' || !this.#names.has(name) || type === 'takedown') return false;
    if (type === 'publish' && this.#versions.has(versionOf(op))) return true;
    // Of a package nothing is left but that it was taken down.
    return seq < (this.#packages.get(name) ?? 0);
  }
}

/** The version by its number without build metadata, as the rules tell versions apart. */
function versionOf({ name, version }: Op): string {
  try {
    return `${name}@${parseVersion(String(version))}`;
  } catch (error) {
    if (error instanceof EbpmError) return '';
    throw error;
  }
}
