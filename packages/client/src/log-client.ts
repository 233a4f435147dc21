import { MAX_ANSWER_BYTES, MAX_LOG_TEXT_BYTES, MAX_REVOCATIONS_BYTES } from './limits.js';
import { callPath } from './registry-caller.js';
import type { RegistryTransport } from './registry-transport.js';

/** The log of a registry, as it shows it to whoever has the token; `LogHead` checks it. Each rejects with what the registry answers. */
export class LogClient {
  readonly #transport: RegistryTransport;

  constructor(transport: RegistryTransport) {
    this.#transport = transport;
  }

  /** The key that checks signed heads, for `new LogHead()`. */
  async key(): Promise<string> {
    return (await this.#text('key')).trimEnd();
  }

  /** The signed head of the log, for `LogHead.see()`. */
  checkpoint(): Promise<string> {
    return this.#text('checkpoint');
  }

  /** What must not be used any more, signed, for `refreshRevocations`. @param minSeq an `ebpm-seq`: nothing older is wanted */
  async revocations(minSeq: string): Promise<string> {
    const path = callPath('log', 'revocations');
    const headers = { 'ebpm-min-seq': minSeq };
    const { body } = await this.#transport.send({ method: 'GET', path, headers, maxBytes: MAX_REVOCATIONS_BYTES });
    return Buffer.from(body).toString('utf8');
  }

  /** Entries from a number on, as many as the registry gives at a time, for `LogHead.prove()`; nothing behind the last. */
  async entries(from: number): Promise<Uint8Array> {
    const path = `${callPath('log', 'entries')}?${new URLSearchParams({ from: String(from) })}`;
    return (await this.#transport.send({ method: 'GET', path, maxBytes: MAX_ANSWER_BYTES })).body;
  }

  async #text(name: string): Promise<string> {
    const path = callPath('log', name);
    const { body } = await this.#transport.send({ method: 'GET', path, maxBytes: MAX_LOG_TEXT_BYTES });
    return Buffer.from(body).toString('utf8');
  }
}
