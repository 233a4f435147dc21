import {
  type Checkpoint,
  type Digest,
  digestHex,
  digestOf,
  EbpmError,
  type NoteKey,
  openCheckpoint,
  openRevocations,
  parseNoteKey,
} from '@ebpm/formats';
import { type ApiPackage, type ApiVersion, apiPackageKind, apiVersionKind, type Kind, validate } from '@ebpm/schemas';
import { HTTP_LIMITS, MIRROR_LIMITS } from '../limits.js';
import type { Outbound } from '../outbound.js';
import { parseJson } from '../parse-json.js';

/** The registry that is mirrored, as somebody without a token sees it. */
export class MirrorSource {
  readonly url: string;
  readonly #outbound: Outbound;
  readonly #signal: AbortSignal | undefined;

  /** @param url of the registry, without `/api/v1` */
  constructor(outbound: Outbound, url: string, signal?: AbortSignal) {
    this.url = url.replace(/\/+$/, '');
    this.#outbound = outbound;
    this.#signal = signal;
  }

  /** The key that signs its heads, as text. */
  async key(): Promise<string> {
    return (await this.#text('/api/v1/log/key')).trim();
  }

  /** Its signed head, checked with the key. @throws EBPM_NOTE_INVALID */
  async checkpoint(key: string): Promise<{ readonly note: string; readonly head: Checkpoint }> {
    const parsed: NoteKey = parseNoteKey(key);
    const note = await this.#text('/api/v1/log/checkpoint');
    return { note, head: openCheckpoint(note, parsed) };
  }

  /** What must not be used any more, checked with the key; undefined when the registry is of before there was such a list. @throws EBPM_NOTE_INVALID */
  async revocations(key: string): Promise<string | undefined> {
    const { status, body } = await this.#get('/api/v1/log/revocations', MIRROR_LIMITS.documentSizeBytes, [404]);
    if (status === 404) return undefined;
    const note = Buffer.from(body).toString('utf8');
    openRevocations(note, parseNoteKey(key));
    return note;
  }

  /** Entries from a number on, one after another; as many as it likes to give. */
  async entries(from: number): Promise<Uint8Array> {
    const { body } = await this.#get(`/api/v1/log/entries?from=${from}`, 2 * HTTP_LIMITS.logAnswerSizeBytes);
    return body;
  }

  /** A package; undefined when it has none of this name, or does not show it. */
  async package(name: string): Promise<ApiPackage | undefined> {
    return this.#json(apiPackageKind, `/api/v1/packages/${encodeURIComponent(name)}`);
  }

  async version(name: string, version: string): Promise<ApiVersion | undefined> {
    return this.#json(
      apiVersionKind,
      `/api/v1/packages/${encodeURIComponent(name)}/versions/${encodeURIComponent(version)}`,
    );
  }

  /** The bytes of a digest, checked against it; undefined when they were taken down. @throws EBPM_DIGEST_MISMATCH */
  async blob(digest: Digest): Promise<Uint8Array | undefined> {
    const path = `/api/v1/blobs/sha256/${digestHex(digest)}`;
    const { status, body } = await this.#get(path, HTTP_LIMITS.packageSizeBytes, [404]);
    if (status === 404) return undefined;
    if (digestOf(body) === digest) return body;
    throw new EbpmError('EBPM_DIGEST_MISMATCH', `Cannot mirror "${digest}": "${this.url}" sent other bytes`);
  }

  async #text(path: string): Promise<string> {
    return Buffer.from((await this.#get(path, MIRROR_LIMITS.textSizeBytes)).body).toString('utf8');
  }

  async #json<T>(kind: Kind<T>, path: string): Promise<T | undefined> {
    const { status, body } = await this.#get(path, MIRROR_LIMITS.documentSizeBytes, [404]);
    if (status === 404) return undefined;
    const checked = validate(kind, parseJson(body));
    if (checked.ok) return checked.value;
    throw invalid(this.url, `its answer to "${path}" is none of a registry`);
  }

  async #get(path: string, maxBytes: number, allowed: readonly number[] = []) {
    const answer = await this.#outbound.send({
      url: `${this.url}${path}`,
      maxBytes,
      ...(this.#signal && { signal: this.#signal }),
    });
    if (answer.status === 200 || allowed.includes(answer.status)) return answer;
    throw invalid(this.url, `it answers "${path}" with status ${answer.status}`);
  }
}

function invalid(url: string, reason: string): EbpmError {
  return new EbpmError('EBPM_MIRROR_SOURCE', `Cannot mirror "${url}": ${reason}`, {
    hint: 'Check that this is the address of an ebpm registry',
  });
}
