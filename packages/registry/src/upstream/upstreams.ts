import { createHash } from 'node:crypto';
import { type Digest, digestOf, EbpmError, JsonTextError, parseJsonText } from '@ebpm/formats';
import { type ApiPackage, type ApiVersion, apiPackageKind, apiVersionKind, type Kind, validate } from '@ebpm/schemas';
import type { Blobs } from '../blobs/blobs.js';
import type { Clock } from '../clock.js';
import { HTTP_LIMITS, UPSTREAM_LIMITS } from '../limits.js';
import type { Outbound } from '../outbound.js';
import { type UpstreamKey, upstreamKey } from '../stores/keys.js';
import type { Store } from '../stores/store.js';
import { NameRules } from './name-rules.js';
import { changedVersion, readUpstreamRecord, type UpstreamRecord, writeUpstreamRecord } from './upstream-record.js';

/** Another registry that is asked for what is not here. */
export interface UpstreamSetting {
  /** Its address, without `/api/v1`. */
  readonly url: string;
  /** Names that it is asked for, see `NameRules`. */
  readonly names: readonly string[];
  /** What it lets us read; only its own origin ever gets it. */
  readonly token?: string;
}

/** What upstreams need. */
export interface UpstreamsOptions {
  readonly settings: readonly UpstreamSetting[];
  readonly store: Store;
  readonly blobs: Blobs;
  readonly outbound: Outbound;
  readonly clock: Clock;
  /** Whether the name, or its scope, is somebody's here: then nobody else is asked for it, or hears of it. */
  readonly isOurs: (name: string) => Promise<boolean>;
}

interface Cached {
  readonly record: UpstreamRecord | undefined;
  readonly askedMs: number;
}

/**
 * Packages of other registries, for whoever asks here for a name that nobody here has. What was fetched once is kept in the store, and goes on
 * when the other registry does not answer. Archives are kept like our own, and have their digest or are refused; the digest of a version
 * stays what it was when it was seen first.
 */
export class Upstreams {
  readonly #options: UpstreamsOptions;
  readonly #all: readonly { readonly url: string; readonly rules: NameRules }[];
  /** By the address of the upstream. */
  readonly #headers: ReadonlyMap<string, Readonly<Record<string, string>>>;
  readonly #cached = new Map<string, Cached>();
  readonly #asking = new Map<string, Promise<UpstreamRecord | undefined>>();
  /** Where the archives of packages that were asked for come from. */
  readonly #sources = new Map<string, string>();

  constructor(options: UpstreamsOptions) {
    this.#options = options;
    this.#all = options.settings.map(({ url, names }) => ({
      url: bare(url),
      rules: new NameRules(names),
    }));
    this.#headers = new Map(
      options.settings.flatMap(({ url, token }) =>
        token === undefined ? [] : [[bare(url), { authorization: `Bearer ${token}` }] as const],
      ),
    );
  }

  /** A package with all its versions; undefined when no upstream has it, or none may be asked. @throws EBPM_OUTBOUND_* */
  async package(name: string): Promise<ApiPackage | undefined> {
    return (await this.#record(name))?.package;
  }

  /** One version; undefined when no upstream has it. @throws EBPM_OUTBOUND_*, EBPM_UPSTREAM_CHANGED */
  async version(name: string, version: string): Promise<ApiVersion | undefined> {
    const record = await this.#record(name);
    const listed = record?.package.versions.find((one) => one.version === version);
    if (record === undefined || listed === undefined) return undefined;
    const known = record.versions[version];
    if (known !== undefined) return known;
    const path = `${packagePath(name)}/versions/${encodeURIComponent(version)}`;
    const found = await this.#json(apiVersionKind, record.url, path);
    if (found === undefined) return undefined;
    if (found.name !== name || found.digest !== listed.digest) throw changed(record.url, `${name}@${version}`);
    await this.#keep({ ...record, versions: { ...record.versions, [version]: found } });
    return found;
  }

  /** Fetches the archive of a version that was asked for, into our own blobs. @returns whether it is there now @throws EBPM_OUTBOUND_* */
  async fetchBlob(digest: Digest): Promise<boolean> {
    const url = this.#sources.get(digest);
    if (url === undefined) return false;
    const { outbound, blobs } = this.#options;
    if ((await blobs.size(digest)) !== undefined) return true;
    const address = `${url}/api/v1/blobs/${digest.replace(':', '/')}`;
    const headers = this.#headersFor(url);
    const { status, body } = await outbound.send({ url: address, headers, maxBytes: HTTP_LIMITS.packageSizeBytes });
    if (status === 404) return false;
    if (status !== 200) throw unusable(url, reasonOf(status));
    if (digestOf(body) !== digest) throw unusable(url, `it is not "${digest}"`);
    await blobs.put(digest, body);
    return true;
  }

  async #record(name: string): Promise<UpstreamRecord | undefined> {
    const upstream = this.#all.find(({ rules }) => rules.allow(name));
    if (upstream === undefined) return undefined;
    const cached = this.#cached.get(name);
    if (cached !== undefined && this.#options.clock.elapsedMs() - cached.askedMs < UPSTREAM_LIMITS.freshMs)
      return cached.record;
    const asking = this.#asking.get(name) ?? this.#ask(name, upstream.url).finally(() => this.#asking.delete(name));
    this.#asking.set(name, asking);
    return asking;
  }

  async #ask(name: string, url: string): Promise<UpstreamRecord | undefined> {
    if (await this.#options.isOurs(name)) return undefined;
    const before = this.#cached.get(name)?.record ?? (await this.#kept(name, url));
    try {
      const found = await this.#json(apiPackageKind, url, packagePath(name));
      if (found === undefined) return this.#remember(name, undefined);
      if (found.name !== name) throw unusable(url, `it is about "${found.name}"`);
      const different = before && changedVersion(before.package, found);
      if (different !== undefined) throw changed(url, `${name}@${different}`);
      const record = { url, package: found, versions: before?.versions ?? {} };
      if (before === undefined || JSON.stringify(before.package) !== JSON.stringify(found)) await this.#keep(record);
      return this.#remember(name, record);
    } catch (error) {
      // What is known goes on without whoever it came from.
      if (before === undefined || !(error instanceof EbpmError)) throw error;
      return this.#remember(name, before);
    }
  }

  #remember(name: string, record: UpstreamRecord | undefined): UpstreamRecord | undefined {
    if (this.#cached.size >= UPSTREAM_LIMITS.remembered) this.#cached.clear();
    this.#cached.set(name, { record, askedMs: this.#options.clock.elapsedMs() });
    if (this.#sources.size >= UPSTREAM_LIMITS.sources) this.#sources.clear();
    for (const { digest } of record?.package.versions ?? []) this.#sources.set(digest, record?.url ?? '');
    return record;
  }

  async #keep(record: UpstreamRecord): Promise<void> {
    const { store } = this.#options;
    const { name } = record.package;
    this.#remember(name, record);
    const bytes = writeUpstreamRecord(record);
    if (bytes.length > UPSTREAM_LIMITS.recordSizeBytes) return;
    const kept = await this.#keptKeys(name);
    const last = Number(kept.at(-1)?.slice(-12) ?? 0);
    await store.create(upstreamKey(hashOf(name), last + 1), bytes);
    for (const key of kept) await store.remove(key);
  }

  async #kept(name: string, url: string): Promise<UpstreamRecord | undefined> {
    const newest = (await this.#keptKeys(name)).at(-1);
    const bytes = newest && (await this.#options.store.get(newest));
    const record = bytes && readUpstreamRecord(bytes);
    return record?.url === url && record.package.name === name ? record : undefined;
  }

  async #keptKeys(name: string): Promise<UpstreamKey[]> {
    return (await this.#options.store.list(`upstream/${hashOf(name)}/`)) as UpstreamKey[];
  }

  #headersFor(url: string): Readonly<Record<string, string>> {
    return this.#headers.get(url) ?? {};
  }

  /** @returns undefined for 404 */
  async #json<T>(kind: Kind<T>, url: string, path: string): Promise<T | undefined> {
    const { status, body } = await this.#options.outbound.send({
      url: `${url}${path}`,
      headers: this.#headersFor(url),
      maxBytes: UPSTREAM_LIMITS.recordSizeBytes,
      timeoutMs: UPSTREAM_LIMITS.timeoutMs,
    });
    if (status === 404) return undefined;
    if (status !== 200) throw unusable(url, reasonOf(status));
    const checked = validate(kind, parseJson(body, url));
    if (checked.ok) return checked.value;
    throw unusable(url, `${checked.problems[0]?.path ?? ''} ${checked.problems[0]?.message ?? ''}`.trim());
  }
}

function bare(url: string): string {
  return url.replace(/\/+$/, '');
}

function reasonOf(status: number): string {
  const reason = `it answers with status ${status}`;
  return status === 401 || status === 403 ? `${reason}: it wants a token, or another one` : reason;
}

function packagePath(name: string): string {
  return `/api/v1/packages/${encodeURIComponent(name)}`;
}

function hashOf(name: string): string {
  return createHash('sha256').update(name).digest('hex');
}

function parseJson(body: Uint8Array, url: string): unknown {
  try {
    return parseJsonText(body);
  } catch (cause) {
    if (!(cause instanceof JsonTextError)) throw cause;
    throw unusable(url, 'it is not JSON');
  }
}

function unusable(url: string, reason: string): EbpmError {
  return new EbpmError('EBPM_OUTBOUND_ANSWER_INVALID', `Cannot use the answer of "${url}": ${reason}`);
}

function changed(url: string, what: string): EbpmError {
  const message = `Cannot use the answer of "${url}": "${what}" has another digest than when it was seen first`;
  return new EbpmError('EBPM_UPSTREAM_CHANGED', message);
}
