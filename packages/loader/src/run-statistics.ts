import { closeSync } from 'node:fs';
import { loadBinding } from './binding.js';
import { refusedAs } from './refused-as.js';

/** While it is open the kernel counts every run of every program of the machine, and its time: each becomes a little slower. */
export class RunStatistics {
  #fd: number | undefined;

  private constructor(fd: number) {
    this.#fd = fd;
  }

  /** @throws EBPM_RUN_STATISTICS_UNAVAILABLE before Linux 5.8 and without CAP_SYS_ADMIN */
  static enable(): RunStatistics {
    const { enableRunStatistics } = loadBinding();
    const action = 'Cannot count the run time of programs';
    return new RunStatistics(refusedAs('EBPM_RUN_STATISTICS_UNAVAILABLE', action, enableRunStatistics));
  }

  /** Safe to call twice. The kernel goes on where another process has them on. */
  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }
}
