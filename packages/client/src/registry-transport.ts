import { EbpmError, MIRROR_CHECKPOINT_FILE, MIRROR_FILE } from '@ebpm/formats';
import { type Kind, validate } from '@ebpm/schemas';
import { answerInvalid, isNoRegistry, notInMirror, parseJson, readOnly, refusal } from './answer-errors.js';
import type { Http, HttpAnswer, HttpRequest } from './http.js';
import { MAX_ANSWER_BYTES, MAX_LOG_TEXT_BYTES, MAX_MIRROR_FILE_BYTES } from './limits.js';
import type { LogPosition } from './log-head.js';
import { type ApiCall, callPath, type RegistryCaller } from './registry-caller.js';
import { registryUrl } from './registry-url.js';
import { readStaticFile, staticPath, staticUrl } from './static-registry.js';
import type { TrustedLog } from './trust/trusted-log.js';

/** A request below a registry's address. */
export type Call = Omit<HttpRequest, 'url' | 'maxBytes'> & {
  readonly path: string;
  readonly maxBytes?: number;
  /** What is said of the log's head: it must be the newest, or caches may have kept the answer for a while. Default: nothing is said. */
  readonly head?: 'newest' | 'any';
};

/** How one user opens one registry. */
export interface RegistryAccount {
  readonly token?: string | undefined;
  /** What he knows of its log; without it nobody looks at signed heads. */
  readonly trusted?: TrustedLog | undefined;
}

/**
 * How one user reaches one registry, a server or a mirror's files: with his token, the newest state that he has seen, and a check of
 * every answer.
 */
export class RegistryTransport implements RegistryCaller {
  readonly url: string;
  readonly #http: Http;
  readonly #token: string | undefined;
  readonly #trusted: TrustedLog | undefined;
  /** The head of a mirror's log was looked at. */
  #staticHead: Promise<void> | undefined;
  /** Whether it is plain files without a server that knows of registries; found out when an answer is none of a registry. */
  #isStatic: boolean;
  /** The newest state that this client has seen: it is never shown an older one. */
  #minSeq: string | undefined;

  /** @param url of the registry, without `/api/v1` */
  constructor(http: Http, url: string, { token, trusted }: RegistryAccount = {}) {
    this.#http = http;
    this.url = registryUrl(url);
    this.#isStatic = this.url.startsWith('file:');
    this.#token = token;
    this.#trusted = trusted;
  }

  /** Whether the last answers came from a mirror's files. */
  get isStatic(): boolean {
    return this.#isStatic;
  }

  async answer<T>(kind: Kind<T>, call: ApiCall): Promise<T> {
    return this.json(kind, this.#callOf(call));
  }

  async done(call: ApiCall): Promise<void> {
    await this.send(this.#callOf(call));
  }

  /** @throws EBPM_TOKEN_MISSING, EBPM_REGISTRY_READ_ONLY */
  requireToken(): string {
    if (this.#token !== undefined) return this.#token;
    if (this.#isStatic) throw readOnly(this.url);
    throw new EbpmError('EBPM_TOKEN_MISSING', `Cannot do this at "${this.url}" without a token`, {
      hint: `Type: ebpm login --registry ${this.url}`,
    });
  }

  /** Sends a request and checks the answer against its schema. */
  async json<T>(kind: Kind<T>, call: Call): Promise<T> {
    const answer = await this.send(call);
    const checked = validate(kind, parseJson(answer, this.url));
    if (checked.ok) return checked.value;
    const [{ path, message } = { path: '', message: 'is not what was asked for' }] = checked.problems;
    throw answerInvalid(this.url, `${path === '' ? 'it' : path} ${message}`);
  }

  /** Sends a request. @throws EBPM_REGISTRY_ANSWER_INVALID, EBPM_REGISTRY_READ_ONLY, and what the registry answers */
  async send(call: Call): Promise<HttpAnswer> {
    if (this.#isStatic) return this.#sendStatically(call);
    try {
      return await this.#ask(call);
    } catch (error) {
      // A web server that has a mirror's files knows none of the API's paths.
      if (!isNoRegistry(error) || call.method !== 'GET' || !(await this.#hasMirror())) throw error;
      this.#isStatic = true;
      return this.#sendStatically(call);
    }
  }

  #callOf({ json, otp, with: identity = 'token', ...call }: ApiCall): Call {
    // Owners of a public package are for everybody; whoever has a token shows it all the same.
    const token = call.method === 'GET' || identity === 'none' ? this.#token : this.requireToken();
    const headers = {
      ...(otp !== undefined && { 'ebpm-otp': otp }),
      ...(json !== undefined && { 'content-type': 'application/json' }),
    };
    return { ...call, token, headers, ...(json !== undefined && { body: Buffer.from(JSON.stringify(json)) }) };
  }

  async #hasMirror(): Promise<boolean> {
    const { status, body } = await this.#http.send({
      method: 'GET',
      url: staticUrl(this.url, MIRROR_FILE),
      maxBytes: MAX_MIRROR_FILE_BYTES,
    });
    return status === 200 && Buffer.from(body).toString('utf8').includes('"mirror": 1');
  }

  async #sendStatically(call: Call): Promise<HttpAnswer> {
    const { method, path, maxBytes = MAX_ANSWER_BYTES, onProgress, continued } = call;
    const file = staticPath(method, path);
    if (file === undefined) throw readOnly(this.url);
    if (call.head !== undefined) await this.#seeStaticHead();
    const answer = await this.#readStatically(file, { maxBytes, onProgress, continued });
    if (answer.status === 200) return answer;
    throw answer.status === 404
      ? notInMirror(this.url, path)
      : answerInvalid(this.url, `it answers with status ${answer.status}`);
  }

  async #readStatically(
    file: string,
    options: Pick<HttpRequest, 'maxBytes' | 'onProgress' | 'continued'>,
  ): Promise<HttpAnswer> {
    if (this.url.startsWith('file:')) return readStaticFile(this.url, file, options.maxBytes);
    return this.#http.send({ method: 'GET', url: staticUrl(this.url, file), ...options });
  }

  /** A mirror is one state of its registry: its head is looked at once. */
  #seeStaticHead(): Promise<void> {
    this.#staticHead ??= this.#trusted === undefined ? Promise.resolve() : this.#readStaticHead(this.#trusted);
    return this.#staticHead;
  }

  async #readStaticHead(trusted: TrustedLog): Promise<void> {
    const since = await trusted.highest();
    const { status, body } = await this.#readStatically(MIRROR_CHECKPOINT_FILE, { maxBytes: MAX_LOG_TEXT_BYTES });
    if (status !== 200) throw headMissing(this.url);
    await trusted.see({ note: Buffer.from(body).toString('utf8'), since, key: () => this.#mirrorKey() });
  }

  async #mirrorKey(): Promise<string> {
    const answer = await this.#readStatically(MIRROR_FILE, { maxBytes: MAX_MIRROR_FILE_BYTES });
    const { key } = (parseJson(answer, this.url) ?? {}) as { readonly key?: unknown };
    if (typeof key === 'string') return key;
    throw answerInvalid(this.url, `its "${MIRROR_FILE}" has no key`);
  }

  async #ask(call: Call): Promise<HttpAnswer> {
    const trusted = call.head === undefined ? undefined : this.#trusted;
    const known = await trusted?.highest();
    const answer = await this.#askOnce(call, this.#minSeq);
    if (trusted === undefined) return answer;
    try {
      await this.#seeHead(answer, trusted, call.head === 'any' ? undefined : known);
      return answer;
    } catch (error) {
      if (known === undefined || !wentBack(error) || call.method !== 'GET') throw error;
      return this.#askAgain(call, trusted, known).catch((other) => {
        // A server that only lags behind has had 5 s to catch up.
        throw other instanceof EbpmError && other.code === 'EBPM_REGISTRY_BEHIND' ? error : other;
      });
    }
  }

  /** Asks a server that may lag behind to wait until it has what was seen before. */
  async #askAgain(call: Call, trusted: TrustedLog, known: LogPosition): Promise<HttpAnswer> {
    const answer = await this.#askOnce(call, `${known.seq}-${known.hash.slice(0, 8)}`);
    await this.#seeHead(answer, trusted, known);
    return answer;
  }

  async #seeHead({ headers }: HttpAnswer, trusted: TrustedLog, since: LogPosition | undefined): Promise<void> {
    const header = headers['ebpm-checkpoint'];
    // What never said it is taken for no registry at all.
    const isKnown = (await trusted.highest()) !== undefined;
    if (typeof header !== 'string') throw isKnown ? headMissing(this.url) : answerInvalid(this.url, NO_HEAD);
    await trusted.see({ note: Buffer.from(header, 'base64').toString('utf8'), since, key: () => this.#logKey() });
  }

  async #logKey(): Promise<string> {
    const path = callPath('log', 'key');
    const { body } = await this.#askOnce({ method: 'GET', path, maxBytes: MAX_LOG_TEXT_BYTES });
    return Buffer.from(body).toString('utf8').trimEnd();
  }

  async #askOnce(
    { path, headers, maxBytes = MAX_ANSWER_BYTES, token = this.#token, head: _, ...call }: Call,
    minSeq?: string,
  ): Promise<HttpAnswer> {
    const answer = await this.#http.send({
      ...call,
      url: `${this.url}${path}`,
      headers: { ...(minSeq === undefined ? {} : { 'ebpm-min-seq': minSeq }), ...headers },
      maxBytes,
      token,
    });
    if (answer.status >= 200 && answer.status < 300) {
      const seq = answer.headers['ebpm-seq'];
      if (typeof seq === 'string') this.#minSeq = seq;
      return answer;
    }
    throw refusal(answer, this.url);
  }
}

const NO_HEAD = 'it does not say where its log is';

function wentBack(error: unknown): boolean {
  return error instanceof EbpmError && error.code === 'EBPM_REGISTRY_WENT_BACK';
}

function headMissing(url: string): EbpmError {
  return new EbpmError('EBPM_REGISTRY_HEAD_MISSING', `Cannot use "${url}": ${NO_HEAD} any more`, {
    hint: 'Something between here and the registry takes "ebpm-checkpoint" out of its answers, or it hides its history',
  });
}
