import { closeSync, readSync } from 'node:fs';
import { waitReadable, waitReadableOf } from '@ebpm/loader';
import type { BrokerLink } from '../guest/broker-link.js';
import { refusal } from '../guest/guest-kernel.js';

/** A tool that the broker has started for a guest, and whose output comes over a descriptor of the guest's process. */
export class GuestTool {
  readonly #id: number;
  readonly #output: number;
  readonly #link: BrokerLink;

  /** @throws Refused, GuestStop */
  static start(link: BrokerLink, name: string, args: readonly string[]): GuestTool {
    const { answer, descriptors } = link.call({ call: 'tool-start', name, args });
    const [output] = descriptors;
    if (!('started' in answer) || output === undefined) throw refusal(answer);
    return new GuestTool(answer.started, output, link);
  }

  private constructor(id: number, output: number, link: BrokerLink) {
    this.#id = id;
    this.#output = output;
    this.#link = link;
  }

  /**
   * What of its output is there, after at most that time (negative: for ever), read into those bytes: how many, 0 at its end, undefined where nothing came.
   *
   * @throws GuestStop
   */
  read(into: () => Uint8Array, timeoutMs: number): number | undefined {
    const isReady = waitReadableOf([this.#output, this.#link.descriptor], Math.max(timeoutMs, -1));
    if (waitReadable(this.#link.descriptor, 0)) this.#link.heed();
    return isReady ? readSync(this.#output, into()) : undefined;
  }

  /** Ends it; its exit code. What it has printed and nobody has read is lost. @throws Refused, GuestStop */
  stop(): number {
    // What waits for room in a full socket would otherwise wait for ever.
    closeSync(this.#output);
    const { answer } = this.#link.call({ call: 'tool-stop', tool: this.#id });
    if (!('ended' in answer)) throw refusal(answer);
    return answer.ended;
  }
}
