import { closeSync, openSync, writeFileSync } from 'node:fs';
import { type FoldedStack, flameGraph, printable } from '@ebpm/events';
import { EbpmError } from '@ebpm/formats';

/** An SVG file that is opened when a run begins, since it may have no right to do so at its end. */
export class FlameGraphFile {
  readonly #path: string;
  readonly #descriptor: number;

  /** @throws EBPM_FILE_UNWRITABLE */
  constructor(path: string) {
    this.#path = path;
    this.#descriptor = this.#orUnwritable(() => openSync(path, 'w'));
  }

  /** Draws the stacks of a run, and closes the file. @throws EBPM_FILE_UNWRITABLE */
  write(name: string, stacks: readonly FoldedStack[]): void {
    const all = stacks.reduce((sum, { count }) => sum + count, 0n);
    const title = `${printable(name)}: ${all} sample${all === 1n ? '' : 's'}`;
    this.#orUnwritable(() => {
      writeFileSync(this.#descriptor, flameGraph(stacks, { title }));
      closeSync(this.#descriptor);
    });
  }

  #orUnwritable<T>(action: () => T): T {
    try {
      return action();
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new EbpmError('EBPM_FILE_UNWRITABLE', `Cannot write "${this.#path}": ${reason}`, { cause });
    }
  }
}
