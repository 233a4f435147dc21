import { EbpmError, MIRROR_FILE } from '@ebpm/formats';
import { type Kind, validate } from '@ebpm/schemas';
import { answerInvalid, isNoRegistry, notInMirror, parseJson, readOnly, refusal } from './answer-errors.js';
import type { Http, HttpAnswer, HttpRequest } from './http.js';
import { MAX_ANSWER_BYTES, MAX_MIRROR_FILE_BYTES } from './limits.js';
import type { ApiCall, RegistryCaller } from './registry-caller.js';
import { registryUrl } from './registry-url.js';
import { readStaticFile, staticPath, staticUrl } from './static-registry.js';

/** A request below a registry's address. */
export type Call = Omit<HttpRequest, 'url' | 'maxBytes'> & { readonly path: string; readonly maxBytes?: number };

/**
 * How one user reaches one registry, a server or a mirror's files: with his token, the newest state that he has seen, and a check of
 * every answer.
 */
export class RegistryTransport implements RegistryCaller {
  readonly url: string;
  readonly #http: Http;
  readonly #token: string | undefined;
  /** Whether it is plain files without a server that knows of registries; found out when an answer is none of a registry. */
  #isStatic: boolean;
  /** The newest state that this client has seen: it is never shown an older one. */
  #minSeq: string | undefined;

  /** @param url of the registry, without `/api/v1` */
  constructor(http: Http, url: string, token?: string) {
    this.#http = http;
    this.url = registryUrl(url);
    this.#isStatic = this.url.startsWith('file:');
    this.#token = token;
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

  #callOf({ json, with: identity = 'token', ...call }: ApiCall): Call {
    // Owners of a public package are for everybody; whoever has a token shows it all the same.
    const token = call.method === 'GET' || identity === 'none' ? this.#token : this.requireToken();
    if (json === undefined) return { ...call, token };
    const body = Buffer.from(JSON.stringify(json));
    return { ...call, token, headers: { 'content-type': 'application/json' }, body };
  }

  async #hasMirror(): Promise<boolean> {
    const { status, body } = await this.#http.send({
      method: 'GET',
      url: staticUrl(this.url, MIRROR_FILE),
      maxBytes: MAX_MIRROR_FILE_BYTES,
    });
    return status === 200 && Buffer.from(body).toString('utf8').includes('"mirror": 1');
  }

  async #sendStatically({ method, path, maxBytes = MAX_ANSWER_BYTES, onProgress }: Call): Promise<HttpAnswer> {
    const file = staticPath(method, path);
    if (file === undefined) throw readOnly(this.url);
    const answer = this.url.startsWith('file:')
      ? await readStaticFile(this.url, file, maxBytes)
      : await this.#http.send({ method, url: staticUrl(this.url, file), maxBytes, onProgress });
    if (answer.status === 200) return answer;
    throw answer.status === 404
      ? notInMirror(this.url, path)
      : answerInvalid(this.url, `it answers with status ${answer.status}`);
  }

  async #ask({ path, headers, maxBytes = MAX_ANSWER_BYTES, token = this.#token, ...call }: Call): Promise<HttpAnswer> {
    const answer = await this.#http.send({
      ...call,
      url: `${this.url}${path}`,
      headers: { ...headers, ...(this.#minSeq === undefined ? {} : { 'ebpm-min-seq': this.#minSeq }) },
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
