import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, systemClock, systemRandom } from '@ebpm/registry';
import { kills } from './kills.js';
import type { RegistryPlace } from './registry-process.js';
import { startS3Server } from './s3-server.js';

/** An empty store for a registry. */
export interface OpenedPlace {
  readonly place: RegistryPlace;
  close(): Promise<void>;
}

/** A kind of store that registries share. */
export interface RegistryStore {
  readonly name: string;
  open(): Promise<OpenedPlace>;
  /** How often a registry on it is killed: every round starts a process, which takes longer with S3. */
  readonly kills: number;
}

/** The kinds of store that registries share. */
export const REGISTRY_STORES: readonly RegistryStore[] = [
  { name: 'a directory', open: openDirectory, kills: kills(12) },
  { name: 'S3', open: openS3, kills: kills(6, 30) },
];

/** Every line of every entry of a store's public log, read without a registry. */
export async function logLines({ store: address, env }: RegistryPlace): Promise<readonly string[]> {
  const accessKeyId = env?.['AWS_ACCESS_KEY_ID'] ?? '';
  const secretAccessKey = env?.['AWS_SECRET_ACCESS_KEY'] ?? '';
  const s3Credentials = { accessKeyId, secretAccessKey };
  const store = await openStore(address, { clock: systemClock, random: systemRandom, s3Credentials });
  try {
    const entries = await Promise.all((await store.list('log/')).map((key) => store.get(key)));
    return entries.flatMap((bytes) =>
      Buffer.from(bytes ?? [])
        .toString()
        .trimEnd()
        .split('\n'),
    );
  } finally {
    await store.close();
  }
}

async function openDirectory(): Promise<OpenedPlace> {
  const directory = mkdtempSync(join(tmpdir(), 'ebpm-registry-'));
  return {
    place: { store: `file:${directory}/store`, keyFile: join(directory, 'key') },
    close: async () => rmSync(directory, { recursive: true }),
  };
}

async function openS3(): Promise<OpenedPlace> {
  const server = await startS3Server();
  const directory = mkdtempSync(join(tmpdir(), 'ebpm-registry-'));
  return {
    place: {
      store: await server.newBucket(),
      keyFile: join(directory, 'key'),
      env: { AWS_ACCESS_KEY_ID: server.accessKey, AWS_SECRET_ACCESS_KEY: server.secretKey },
    },
    async close() {
      rmSync(directory, { recursive: true });
      await server.stop();
    },
  };
}
