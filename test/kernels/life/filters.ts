import { execFileSync } from 'node:child_process';

/** What is filtered in a lab. */
export const IFNAME = 'lo';

/** What a program of classic tc asks for. */
export const TC_AGREED = '--allow=sees-packet-payload,outlives-exit';

/** The filters of classic tc. */
export class Filters {
  readonly #tc: string;
  readonly #before: string;

  /** Looks what is there; `tc` is the path of tc(8). */
  constructor(tc: string) {
    this.#tc = tc;
    this.#before = this.#shown();
  }

  /** How many programs filter now. */
  count(): number {
    return this.#shown().match(/ direct-action /g)?.length ?? 0;
  }

  /** Whether all is as it was, queueing disciplines too. */
  areClean(): boolean {
    return this.#shown() === this.#before;
  }

  #shown(): string {
    const commands = `qdisc show dev ${IFNAME}\nfilter show dev ${IFNAME} ingress\nfilter show dev ${IFNAME} egress\n`;
    return execFileSync(this.#tc, ['-force', '-batch', '-'], { input: commands, encoding: 'utf8' });
  }
}
