import {
  bpfNeedsPrivilege,
  checkDroppable,
  dropOtherThreads,
  dropThisThread,
  type Entrusted,
  type Identity,
  PrivilegedHelper,
  type RunningObject,
} from '@ebpm/loader';
import { type ProcessFiles, processFilesHere } from '../symbols/process-files.js';

/** How a session gives its rights up, step by step, and what is left of them. */
export class LaterRights {
  /** Who the process becomes; undefined when it stays who it is. */
  readonly identity: Identity | undefined;
  readonly #helpers: PrivilegedHelper[] = [];

  /**
   * @param becomes undefined: nothing is given up
   * @throws EBPM_PRIVILEGES_KEPT when this process cannot become somebody else
   */
  constructor(becomes: Identity | undefined) {
    this.identity = bpfNeedsPrivilege() ? undefined : becomes;
    if (this.identity !== undefined) checkDroppable(this.identity);
  }

  /** The first step, while nothing is attached that could see it. @throws EBPM_PRIVILEGES_KEPT */
  dropOtherThreads(): void {
    if (this.identity !== undefined) dropOtherThreads(this.identity);
  }

  /** Once everything is attached, leaves to a helper what detaching needs privilege for. */
  entrust(running: RunningObject): void {
    if (this.identity !== undefined) this.#leaveToHelper(this.identity, running.entrust());
  }

  /** Leaves the removal of what a stream has made to a helper. */
  entrustFolder(path: string): void {
    if (this.identity !== undefined) this.#leaveToHelper(this.identity, [{ record: path, isFolder: true }]);
  }

  /** Opens files of others' processes, now and later. To be called before the last step: a helper is started for it. */
  processFiles(): ProcessFiles {
    return this.identity === undefined ? processFilesHere() : this.#startHelper(this.identity, 'user symbols');
  }

  /** The last step: gives up all other rights of this process, for good. @throws EBPM_PRIVILEGES_KEPT */
  drop(): void {
    if (this.identity !== undefined) dropThisThread(this.identity);
  }

  /** To be called once everything is detached; a helper takes back what has no link. Safe to call twice. */
  close(): void {
    for (const helper of this.#helpers) helper.close();
  }

  #leaveToHelper(identity: Identity, entrusted: readonly Entrusted[]): void {
    if (entrusted.length > 0) this.#startHelper(identity, entrusted);
  }

  #startHelper(...arguments_: Parameters<typeof PrivilegedHelper.start>): PrivilegedHelper {
    const helper = PrivilegedHelper.start(...arguments_);
    this.#helpers.push(helper);
    return helper;
  }
}
