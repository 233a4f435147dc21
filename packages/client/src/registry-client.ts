import {
  type Digest,
  digestHex,
  digestOf,
  EbpmError,
  type ErrorCode,
  JsonTextError,
  MAX_PACKAGE_BYTES,
  MIRROR_FILE,
  parseJsonText,
} from '@ebpm/formats';
import {
  type ApiChanges,
  type ApiDownloads,
  type ApiMadeWebhook,
  type ApiNewWebhook,
  type ApiPackage,
  type ApiPublishResult,
  type ApiSearchResult,
  type ApiVersion,
  type ApiWebhook,
  type ApiWhoami,
  apiChangesKind,
  apiDownloadsKind,
  apiErrorKind,
  apiMadeWebhookKind,
  apiPackageKind,
  apiPublishResultKind,
  apiSearchResultKind,
  apiVersionKind,
  apiWebhooksKind,
  apiWhoamiKind,
  type Kind,
  validate,
} from '@ebpm/schemas';
import { AccountClient } from './account-client.js';
import type { Http, HttpAnswer, HttpRequest } from './http.js';
import { MAX_ANSWER_BYTES, MAX_MIRROR_FILE_BYTES } from './limits.js';
import { OrganisationClient } from './organisation-client.js';
import { PackageChanges } from './package-changes.js';
import type { ApiCall, RegistryCaller } from './registry-caller.js';
import { registryUrl } from './registry-url.js';
import { readStaticFile, searchStatically, staticPath, staticUrl } from './static-registry.js';
import { versionIdentity } from './version-identity.js';

/** A version that is to be published. */
export interface PublishRequest {
  readonly name: string;
  readonly version: string;
  /** The canonical tar. */
  readonly archive: Uint8Array;
  /** Default: `latest` for a stable version. */
  readonly tag?: string | undefined;
  /** Who may read a new package; default: everybody. */
  readonly visibility?: 'public' | 'private' | undefined;
  /** A one-time code, where the package asks for one. */
  readonly otp?: string | undefined;
}

/** What is looked for. */
export interface SearchRequest {
  /** Words; all packages are found without any. */
  readonly query: string;
  /** Results on the page; default 20. */
  readonly limit?: number | undefined;
  /** `next` of the page before. */
  readonly cursor?: string | undefined;
}

/** Which changes are wanted. */
export interface ChangesRequest {
  readonly after?: string | undefined;
  /** Changes in the answer; default 100, at most 1,000. */
  readonly limit?: number | undefined;
}

const WEBHOOKS_PATH = '/api/v1/webhooks';

/** One registry, as one user sees it. Every answer is checked against its schema, and against what was asked. */
export class RegistryClient {
  readonly url: string;
  /** What owners do with their packages. */
  readonly packages: PackageChanges;
  readonly account: AccountClient;
  readonly organisations: OrganisationClient;
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
    const caller: RegistryCaller = {
      answer: (kind, call) => this.#json(kind, this.#callOf(call)),
      done: async (call) => {
        await this.#send(this.#callOf(call));
      },
    };
    this.packages = new PackageChanges(caller);
    this.account = new AccountClient(caller);
    this.organisations = new OrganisationClient(caller);
  }

  /** Who the token belongs to. @throws EBPM_TOKEN_MISSING and what the registry answers */
  async whoami(): Promise<ApiWhoami> {
    return this.#json(apiWhoamiKind, { method: 'GET', path: '/api/v1/whoami', token: this.#requireToken() });
  }

  /** Publishes a version; publishing the same bytes again is a success with `created: false`. */
  async publish({ name, version, archive, tag, visibility, otp }: PublishRequest): Promise<ApiPublishResult> {
    const wishes = Object.entries({ tag, visibility }).filter(
      (wish): wish is [string, string] => wish[1] !== undefined,
    );
    const query = wishes.length === 0 ? '' : `?${new URLSearchParams(wishes)}`;
    const digest = digestOf(archive);
    const result = await this.#json(apiPublishResultKind, {
      method: 'PUT',
      path: `${versionPath(name, version)}${query}`,
      headers: {
        'content-type': 'application/x-tar',
        'ebpm-digest': digest,
        ...(otp !== undefined && { 'ebpm-otp': otp }),
      },
      body: archive,
      token: this.#requireToken(),
    });
    this.#expect(result, { name, version, digest });
    return result;
  }

  /** A package with all its versions. @throws what the registry answers, such as EBPM_PACKAGE_NOT_FOUND */
  async package(name: string): Promise<ApiPackage> {
    const found = await this.#json(apiPackageKind, { method: 'GET', path: packagePath(name) });
    this.#expect(found, { name });
    return found;
  }

  /** One version with its manifest and files. @throws what the registry answers, such as EBPM_VERSION_NOT_FOUND */
  async version(name: string, version: string): Promise<ApiVersion> {
    const found = await this.#json(apiVersionKind, { method: 'GET', path: versionPath(name, version) });
    this.#expect(found, { name, version });
    return found;
  }

  /** One page of the packages that words find. */
  async search({ query, limit = 20, cursor }: SearchRequest): Promise<ApiSearchResult> {
    const words = new URLSearchParams({ q: query, limit: String(limit) });
    if (cursor !== undefined) words.set('cursor', cursor);
    const found = await this.#json(apiSearchResultKind, { method: 'GET', path: `/api/v1/search?${words}` });
    return this.#isStatic ? searchStatically(found, { query, limit, cursor }) : found;
  }

  /** How often a package was downloaded. @throws what the registry answers, such as EBPM_PACKAGE_NOT_FOUND */
  async downloads(name: string): Promise<ApiDownloads> {
    const found = await this.#json(apiDownloadsKind, { method: 'GET', path: `${packagePath(name)}/downloads` });
    this.#expect(found, { name });
    return found;
  }

  /** What happened to packages after a place of the log, `next` of the answer before; from the beginning without one. */
  async changes({ after, limit = 100 }: ChangesRequest = {}): Promise<ApiChanges> {
    const query = new URLSearchParams({ limit: String(limit) });
    if (after !== undefined) query.set('after', after);
    return this.#json(apiChangesKind, { method: 'GET', path: `/api/v1/changes?${query}` });
  }

  /** The webhooks of whoever has the token. @throws EBPM_TOKEN_MISSING */
  async webhooks(): Promise<readonly ApiWebhook[]> {
    const call = { method: 'GET', path: WEBHOOKS_PATH, token: this.#requireToken() } as const;
    return (await this.#json(apiWebhooksKind, call)).webhooks;
  }

  /** Makes a webhook for a package, a scope or `*`; the answer has its secret, once. @throws EBPM_TOKEN_MISSING */
  async addWebhook(webhook: ApiNewWebhook): Promise<ApiMadeWebhook> {
    return this.#json(apiMadeWebhookKind, {
      method: 'POST',
      path: WEBHOOKS_PATH,
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify(webhook)),
      token: this.#requireToken(),
    });
  }

  /** Removes a webhook. @throws EBPM_TOKEN_MISSING and what the registry answers, such as EBPM_WEBHOOK_NOT_FOUND */
  async removeWebhook(id: string): Promise<void> {
    const path = `${WEBHOOKS_PATH}/${encodeURIComponent(id)}`;
    await this.#send({ method: 'DELETE', path, token: this.#requireToken() });
  }

  /**
   * The bytes that a digest names, checked against it.
   *
   * @param onProgress called with the bytes received so far
   * @throws EBPM_DIGEST_MISMATCH
   */
  async blob(digest: Digest, onProgress?: (receivedBytes: number) => void): Promise<Uint8Array> {
    const answer = await this.#send({
      method: 'GET',
      path: `/api/v1/blobs/sha256/${digestHex(digest)}`,
      maxBytes: MAX_PACKAGE_BYTES,
      onProgress,
    });
    if (digestOf(answer.body) === digest) return answer.body;
    throw new EbpmError('EBPM_DIGEST_MISMATCH', `Cannot use what "${this.url}" sent: it is not "${digest}"`, {
      hint: 'Nothing was installed. Try again; if it stays so, tell whoever runs the registry',
      data: { wanted: digest, received: digestOf(answer.body) },
    });
  }

  /** The answer must be about what was asked for. */
  #expect(answer: Asked, wanted: Asked): void {
    const identity = versionIdentity(answer.version ?? '');
    if (answer.name !== wanted.name)
      throw answerInvalid(this.url, `it is about "${answer.name}", not "${wanted.name}"`);
    if (wanted.version !== undefined && identity !== versionIdentity(wanted.version)) {
      throw answerInvalid(this.url, `it is about version "${answer.version}", not "${wanted.version}"`);
    }
    if (wanted.digest !== undefined && answer.digest !== wanted.digest) {
      throw answerInvalid(this.url, `it is about "${answer.digest}", not "${wanted.digest}"`);
    }
  }

  #callOf({ json, with: identity = 'token', ...call }: ApiCall): Call {
    // Owners of a public package are for everybody; whoever has a token shows it all the same.
    const token = call.method === 'GET' || identity === 'none' ? this.#token : this.#requireToken();
    if (json === undefined) return { ...call, token };
    const body = Buffer.from(JSON.stringify(json));
    return { ...call, token, headers: { 'content-type': 'application/json' }, body };
  }

  #requireToken(): string {
    if (this.#token !== undefined) return this.#token;
    throw new EbpmError('EBPM_TOKEN_MISSING', `Cannot do this at "${this.url}" without a token`, {
      hint: `Type: ebpm login --registry ${this.url}`,
    });
  }

  async #json<T>(kind: Kind<T>, call: Call): Promise<T> {
    const answer = await this.#send(call);
    const checked = validate(kind, parseJson(answer, this.url));
    if (checked.ok) return checked.value;
    const [{ path, message } = { path: '', message: 'is not what was asked for' }] = checked.problems;
    throw answerInvalid(this.url, `${path === '' ? 'it' : path} ${message}`);
  }

  async #send(call: Call): Promise<HttpAnswer> {
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

/** A path that is not in a mirror, as a registry would say it. */
function notInMirror(url: string, path: string): EbpmError {
  const [, , , kind, name = '', , version] = path.split('/').map(decodeURIComponent);
  const [code, what]: [ErrorCode, string] =
    kind !== 'packages'
      ? ['EBPM_BLOB_NOT_FOUND', 'the archive']
      : version === undefined
        ? ['EBPM_PACKAGE_NOT_FOUND', `"${name}"`]
        : ['EBPM_VERSION_NOT_FOUND', `"${name}@${version}"`];
  return new EbpmError(code, `Cannot find ${what}: the mirror "${url}" does not have it`, {
    hint: 'It may hold some packages only, or be older than the registry that it mirrors',
  });
}

function readOnly(url: string): EbpmError {
  return new EbpmError(
    'EBPM_REGISTRY_READ_ONLY',
    `Cannot do this at "${url}": it is a mirror, which can only be read`,
    {
      hint: 'Name the registry itself: --registry URL',
    },
  );
}

function isNoRegistry(error: unknown): boolean {
  return error instanceof EbpmError && error.code === 'EBPM_REGISTRY_ANSWER_INVALID';
}

interface Asked {
  readonly name: string;
  readonly version?: string;
  readonly digest?: string;
}

type Call = Omit<HttpRequest, 'url' | 'maxBytes'> & { readonly path: string; readonly maxBytes?: number };

function packagePath(name: string): string {
  return `/api/v1/packages/${encodeURIComponent(name)}`;
}

function versionPath(name: string, version: string): string {
  return `${packagePath(name)}/versions/${encodeURIComponent(version)}`;
}

/** What a registry refuses comes as code and message; anything else is not a registry's answer. */
function refusal(answer: HttpAnswer, url: string): EbpmError {
  const body = validate(apiErrorKind, parseJson(answer, url));
  if (!body.ok) return answerInvalid(url, `it answers with status ${answer.status} and no registry's error`);
  const { code, message, data = {} } = body.value;
  // `diagnostics` of an error are shown as they are, and `log` as a log: only what this machine says may stand there.
  const { hint, log, diagnostics, ...facts } = data;
  return new EbpmError(code as ErrorCode, message, {
    ...(typeof hint === 'string' ? { hint } : {}),
    data: { ...facts, status: answer.status, registry: url },
  });
}

function parseJson({ body, status }: HttpAnswer, url: string): unknown {
  try {
    return parseJsonText(body);
  } catch (cause) {
    if (!(cause instanceof JsonTextError)) throw cause;
    throw answerInvalid(url, `it answers with status ${status} and something that is not JSON`, cause);
  }
}

function answerInvalid(url: string, reason: string, cause?: unknown): EbpmError {
  return new EbpmError('EBPM_REGISTRY_ANSWER_INVALID', `Cannot use the answer of "${url}": ${reason}`, {
    cause,
    hint: 'Check that this is the address of an ebpm registry',
  });
}
