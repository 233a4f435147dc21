import {
  type Digest,
  digestHex,
  digestOf,
  EbpmError,
  MAX_PACKAGE_BYTES,
  type Revocations,
  type SigstoreBundle,
} from '@ebpm/formats';
import {
  type ApiChange,
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
  apiMadeWebhookKind,
  apiPackageKind,
  apiPublishResultKind,
  apiSearchResultKind,
  apiVersionKind,
  apiWebhooksKind,
  apiWhoamiKind,
} from '@ebpm/schemas';
import { AccountClient } from './account-client.js';
import type { Continued } from './answer-body.js';
import { answerInvalid } from './answer-errors.js';
import { type FollowRequest, followChanges } from './follow-changes.js';
import type { Http } from './http.js';
import { LogClient } from './log-client.js';
import { OrganisationClient } from './organisation-client.js';
import { PackageChanges } from './package-changes.js';
import type { PackageRegistry } from './package-registry.js';
import { bundlesHeader } from './publisher/sign-publish.js';
import { RegistryTransport } from './registry-transport.js';
import { withSimilarName } from './similar-name.js';
import { searchStatically } from './static-registry.js';
import type { TrustedLog } from './trust/trusted-log.js';
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
  /** What one has signed of it. */
  readonly bundles?: readonly SigstoreBundle[] | undefined;
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

/** How an archive is downloaded. */
export interface BlobOptions {
  /** Called with the bytes received so far. */
  readonly onProgress?: ((receivedBytes: number) => void) | undefined;
  /** What there is of it already, and who keeps what comes in. */
  readonly continued?: Continued | undefined;
}

const WEBHOOKS_PATH = '/api/v1/webhooks';

/** One registry, as one user sees it. Every answer is checked against its schema, and against what was asked. */
export class RegistryClient implements PackageRegistry {
  readonly url: string;
  readonly isOffline = false;
  /** What owners do with their packages. */
  readonly packages: PackageChanges;
  readonly account: AccountClient;
  readonly organisations: OrganisationClient;
  readonly log: LogClient;
  readonly #transport: RegistryTransport;
  readonly #trusted: TrustedLog | undefined;

  /** @param url of the registry, without `/api/v1` */
  constructor(http: Http, url: string, token?: string, trusted?: TrustedLog) {
    this.#trusted = trusted;
    this.#transport = new RegistryTransport(http, url, { token, trusted });
    this.url = this.#transport.url;
    this.packages = new PackageChanges(this.#transport);
    this.account = new AccountClient(this.#transport);
    this.organisations = new OrganisationClient(this.#transport);
    this.log = new LogClient(this.#transport);
  }

  /** Who the token belongs to. @throws EBPM_TOKEN_MISSING and what the registry answers */
  async whoami(): Promise<ApiWhoami> {
    return this.#transport.json(apiWhoamiKind, {
      method: 'GET',
      path: '/api/v1/whoami',
      token: this.#transport.requireToken(),
    });
  }

  /** Publishes a version; publishing the same bytes again is a success with `created: false`. */
  async publish({ name, version, archive, tag, visibility, otp, bundles }: PublishRequest): Promise<ApiPublishResult> {
    const wishes = Object.entries({ tag, visibility }).filter(
      (wish): wish is [string, string] => wish[1] !== undefined,
    );
    const query = wishes.length === 0 ? '' : `?${new URLSearchParams(wishes)}`;
    const digest = digestOf(archive);
    const result = await this.#transport.json(apiPublishResultKind, {
      method: 'PUT',
      path: `${versionPath(name, version)}${query}`,
      headers: {
        'content-type': 'application/x-tar',
        'ebpm-digest': digest,
        ...(otp !== undefined && { 'ebpm-otp': otp }),
        ...(bundles !== undefined && { 'ebpm-bundles': bundlesHeader(bundles) }),
      },
      body: archive,
      token: this.#transport.requireToken(),
      head: 'newest',
    });
    this.#expect(result, { name, version, digest });
    return result;
  }

  /** A package with all its versions. @throws what the registry answers, such as EBPM_PACKAGE_NOT_FOUND */
  async package(name: string): Promise<ApiPackage> {
    try {
      const found = await this.#transport.json(apiPackageKind, {
        method: 'GET',
        path: packagePath(name),
        head: 'newest',
      });
      this.#expect(found, { name });
      return found;
    } catch (error) {
      throw await withSimilarName(error, name, this);
    }
  }

  /** One version with its manifest and files. @throws what the registry answers, such as EBPM_VERSION_NOT_FOUND */
  async version(name: string, version: string): Promise<ApiVersion> {
    const found = await this.#transport.json(apiVersionKind, {
      method: 'GET',
      path: versionPath(name, version),
      head: 'any',
    });
    this.#expect(found, { name, version });
    return found;
  }

  /** What it has revoked, as far as that is known here, see `TrustedLog.revocations`. */
  async revocations(): Promise<Revocations | undefined> {
    return this.#trusted?.revocations((minSeq) => this.log.revocations(minSeq));
  }

  /** One page of the packages that words find. */
  async search({ query, limit = 20, cursor }: SearchRequest): Promise<ApiSearchResult> {
    const words = new URLSearchParams({ q: query, limit: String(limit) });
    if (cursor !== undefined) words.set('cursor', cursor);
    const found = await this.#transport.json(apiSearchResultKind, {
      method: 'GET',
      path: `/api/v1/search?${words}`,
      head: 'newest',
    });
    return this.#transport.isStatic ? searchStatically(found, { query, limit, cursor }) : found;
  }

  /** How often a package was downloaded. @throws what the registry answers, such as EBPM_PACKAGE_NOT_FOUND */
  async downloads(name: string): Promise<ApiDownloads> {
    const found = await this.#transport.json(apiDownloadsKind, {
      method: 'GET',
      path: `${packagePath(name)}/downloads`,
    });
    this.#expect(found, { name });
    return found;
  }

  /** What happened to packages after a place of the log, `next` of the answer before; from the beginning without one. */
  async changes({ after, limit = 100 }: ChangesRequest = {}): Promise<ApiChanges> {
    const query = new URLSearchParams({ limit: String(limit) });
    if (after !== undefined) query.set('after', after);
    return this.#transport.json(apiChangesKind, { method: 'GET', path: `/api/v1/changes?${query}` });
  }

  /** Changes as they happen, until the signal ends it. */
  followChanges(request: FollowRequest = {}): AsyncGenerator<ApiChange, void> {
    return followChanges((after) => this.changes({ after, limit: 1_000 }), request);
  }

  /** The webhooks of whoever has the token. @throws EBPM_TOKEN_MISSING */
  async webhooks(): Promise<readonly ApiWebhook[]> {
    const call = { method: 'GET', path: WEBHOOKS_PATH, token: this.#transport.requireToken() } as const;
    return (await this.#transport.json(apiWebhooksKind, call)).webhooks;
  }

  /** Makes a webhook for a package, a scope or `*`; the answer has its secret, once. @throws EBPM_TOKEN_MISSING */
  async addWebhook(webhook: ApiNewWebhook): Promise<ApiMadeWebhook> {
    return this.#transport.answer(apiMadeWebhookKind, { method: 'POST', path: WEBHOOKS_PATH, json: webhook });
  }

  /** Removes a webhook. @throws EBPM_TOKEN_MISSING and what the registry answers, such as EBPM_WEBHOOK_NOT_FOUND */
  async removeWebhook(id: string): Promise<void> {
    await this.#transport.done({ method: 'DELETE', path: `${WEBHOOKS_PATH}/${encodeURIComponent(id)}` });
  }

  /** The bytes that a digest names, checked against it. @throws EBPM_DIGEST_MISMATCH */
  async blob(digest: Digest, { onProgress, continued }: BlobOptions = {}): Promise<Uint8Array> {
    const answer = await this.#transport.send({
      method: 'GET',
      path: `/api/v1/blobs/sha256/${digestHex(digest)}`,
      maxBytes: MAX_PACKAGE_BYTES,
      onProgress,
      continued: continued ?? { begun: new Uint8Array() },
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
}

interface Asked {
  readonly name: string;
  readonly version?: string;
  readonly digest?: string;
}

function packagePath(name: string): string {
  return `/api/v1/packages/${encodeURIComponent(name)}`;
}

function versionPath(name: string, version: string): string {
  return `${packagePath(name)}/versions/${encodeURIComponent(version)}`;
}
