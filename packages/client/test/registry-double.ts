import type { ServerResponse } from 'node:http';
import { compareVersions } from '@ebpm/formats';
import { type LoopbackServer, type SeenRequest, sendJson, serve } from './loopback-server.js';
import type { SamplePackage } from './sample-package.js';

/** What a registry says about a version besides its bytes. */
export interface Listing {
  readonly yanked?: boolean;
  readonly tag?: string;
  /** What it says of the package's objects; nothing by default. */
  readonly facts?: { readonly factsVersion: number; readonly factsDigest?: string };
}

/** A registry in memory, over real HTTP: what installing needs of its API. */
export class RegistryDouble {
  readonly #listed = new Map<
    string,
    { readonly sample: SamplePackage; readonly yanked: boolean; readonly facts: Listing['facts'] }[]
  >();
  readonly #tags = new Map<string, Record<string, string>>();
  readonly #blobs = new Map<string, Uint8Array>();
  #server: LoopbackServer | undefined;

  get url(): string {
    return this.#server?.url ?? '';
  }

  /** The paths that were asked for. */
  get asked(): readonly string[] {
    return (this.#server?.seen ?? []).map(({ path }) => path);
  }

  async open(): Promise<this> {
    this.#server = await serve((request, response) => this.#answer(request, response));
    return this;
  }

  async close(): Promise<void> {
    await this.#server?.close();
  }

  /** A version that there is already gets other bytes. */
  add(sample: SamplePackage, { yanked = false, tag = 'latest', facts }: Listing = {}): this {
    const { name, version, digest, archive } = sample;
    const others = (this.#listed.get(name) ?? []).filter((one) => one.sample.version !== version);
    this.#listed.set(name, [...others, { sample, yanked, facts }]);
    this.#tags.set(name, { ...this.#tags.get(name), [tag]: version });
    this.#blobs.set(digest, archive);
    return this;
  }

  /** Serves other bytes under a digest. */
  swap(digest: string, bytes: Uint8Array): void {
    this.#blobs.set(digest, bytes);
  }

  #answer({ path }: SeenRequest, response: ServerResponse): void {
    const [, of, number] = /^\/api\/v1\/packages\/([^/?]+)\/versions\/([^/?]+)$/.exec(path) ?? [];
    if (of !== undefined) {
      this.#sendVersion(decodeURIComponent(of), number, response);
      return;
    }
    const [, kind, rest = ''] = /^\/api\/v1\/(packages|blobs\/sha256)\/([^/?]+)$/.exec(path) ?? [];
    if (kind === 'packages') this.#sendPackage(decodeURIComponent(rest), response);
    else this.#sendBlob(`sha256:${rest}`, response);
  }

  #sendBlob(digest: string, response: ServerResponse): void {
    const blob = this.#blobs.get(digest);
    if (blob === undefined) sendJson(response, 404, { code: 'EBPM_BLOB_NOT_FOUND', message: 'no such bytes' });
    else response.writeHead(200, { 'content-type': 'application/x-tar' }).end(blob);
  }

  #sendVersion(name: string, number: string | undefined, response: ServerResponse): void {
    const found = this.#listed.get(name)?.find(({ sample }) => sample.version === number);
    if (found === undefined) {
      sendJson(response, 404, { code: 'EBPM_VERSION_NOT_FOUND', message: 'none' });
      return;
    }
    const { version, digest, archive, files } = found.sample;
    sendJson(response, 200, {
      name,
      version,
      digest,
      sizeBytes: archive.length,
      files: [],
      manifest: JSON.parse(Buffer.from(files[0]?.bytes ?? []).toString()),
      publishedAt: '2026-01-02T03:04:05Z',
      publisher: 'alice',
      seq: 1,
      factsVersion: 0,
    });
  }

  #sendPackage(name: string, response: ServerResponse): void {
    const listed = this.#listed.get(name);
    if (listed === undefined) {
      sendJson(response, 404, { code: 'EBPM_PACKAGE_NOT_FOUND', message: 'none' });
      return;
    }
    const versions = [...listed].sort((a, b) => compareVersions(a.sample.version, b.sample.version));
    sendJson(response, 200, {
      name,
      tags: this.#tags.get(name),
      versions: versions.map(({ sample: { version, digest, archive }, yanked, facts }, at) => ({
        version,
        digest,
        sizeBytes: archive.length,
        publishedAt: '2026-01-02T03:04:05Z',
        publisher: 'alice',
        seq: at + 1,
        yanked,
        ...(yanked && { yankedBecause: 'loses events' }),
        ...facts,
      })),
    });
  }
}
