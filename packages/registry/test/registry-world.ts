import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { buildApp } from '../src/app.js';
import { type Clock, systemClock } from '../src/clock.js';
import { openRegistry } from '../src/open-registry.js';
import type { Outbound } from '../src/outbound.js';
import type { Registry } from '../src/registry.js';
import { createMemoryStore } from '../src/stores/memory.js';
import type { Store } from '../src/stores/store.js';
import type { SamplePackage } from './sample-package.js';

/** A replica with its HTTP API, for `inject`. */
export interface Replica {
  readonly registry: Registry;
  readonly app: FastifyInstance;
}

/** What a publish may say besides its archive. */
export interface PublishOverrides {
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly payload?: Uint8Array;
}

/** One store and any number of replicas on it. Its clock can be put forward; waits take their real time. */
export class RegistryWorld {
  readonly store: Store;
  readonly directory = mkdtempSync(join(tmpdir(), 'ebpm-registry-test-'));
  readonly keyFile = join(this.directory, 'key');
  readonly clock: Clock = {
    ...systemClock,
    nowMs: () => systemClock.nowMs() + this.#aheadMs,
    elapsedMs: () => systemClock.elapsedMs() + this.#aheadMs,
  };
  readonly #replicas: Replica[] = [];
  #aheadMs = 0;

  constructor(store: Store = createMemoryStore()) {
    this.store = store;
  }

  async replica(data?: string, outbound?: Outbound): Promise<Replica> {
    const { store, keyFile, clock } = this;
    const registry = await openRegistry({
      store,
      keyFile,
      clock,
      data,
      ...(outbound !== undefined && { outbound }),
    });
    const replica = { registry, app: buildApp({ registry }) };
    this.#replicas.push(replica);
    return replica;
  }

  /** Adds a user and gives a token. */
  async tokenOf(name: string, { registry }: Replica, lifeMs?: number): Promise<string> {
    await registry.accounts.addUser(name);
    const { token } = await registry.accounts.createToken(name, lifeMs);
    return token;
  }

  putForward(ms: number): void {
    this.#aheadMs += ms;
  }

  async close(): Promise<void> {
    for (const { app, registry } of this.#replicas) {
      await app.close();
      await registry.close();
    }
    rmSync(this.directory, { recursive: true });
  }
}

/** Sends a package as a client would. */
export function publish(
  { app }: Replica,
  token: string,
  { name, version, digest, archive }: SamplePackage,
  { url, headers, payload }: PublishOverrides = {},
): Promise<LightMyRequestResponse> {
  return app.inject({
    method: 'PUT',
    url: url ?? `/api/v1/packages/${encodeURIComponent(name)}/versions/${version}`,
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/x-tar',
      'ebpm-digest': digest,
      ...headers,
    },
    payload: Buffer.from(payload ?? archive),
  });
}
