import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tinyPackage } from '../../packages/client/test/tiny-package.js';
import { newToken, type RegistryPlace, RegistryProcess, runRegistry } from './registry-process.js';

/** A registry on an empty directory, its user alice, and a folder for what tests make. */
export interface World {
  readonly folder: string;
  readonly place: RegistryPlace;
  readonly registry: RegistryProcess;
  readonly token: string;
  /** An empty `EBPM_HOME`. */
  newHome(): string;
  /** A project that was built, with a real entry. */
  newProject(manifest?: Readonly<Record<string, unknown>>): string;
  /** A token that is not good any more. */
  revokedToken(): Promise<string>;
  /** Takes a version down, and waits until the registry that runs has heard of it. */
  takeDown(name: string, version: string): Promise<void>;
  close(): Promise<void>;
}

/** Starts a registry with everything that the command line needs around it. @param env further settings of it */
export async function openWorld(env: NonNullable<RegistryPlace['env']> = {}): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'ebpm-world-'));
  const place = { store: `file:${folder}/store`, keyFile: join(folder, 'key'), env };
  const token = await newToken(place, 'alice');
  const registry = await RegistryProcess.start(place);
  const entry = tinyPackage();
  let made = 0;
  return {
    folder,
    place,
    registry,
    token,
    newHome: () => join(folder, `home-${made++}`),
    newProject: (manifest = {}) => {
      const project = join(folder, `project-${made++}`);
      mkdirSync(join(project, 'dist'), { recursive: true });
      const whole = { manifest: 1, name: 'tiny', version: '1.0.0', description: 'Does nothing', ...manifest };
      writeFileSync(join(project, 'ebpm.json'), JSON.stringify(whole));
      writeFileSync(join(project, 'dist/package.json'), entry);
      return project;
    },
    revokedToken: async () => {
      const { stdout } = await runRegistry(place, 'token', 'create', 'alice', '--json');
      const { id, token: revoked } = JSON.parse(stdout);
      await runRegistry(place, 'token', 'revoke', id);
      return revoked;
    },
    takeDown: async (name, version) => {
      await runRegistry(place, 'takedown', `${name}@${version}`, '--reason', 'malware');
      // Another process has written it: the one that serves hears of it within its pace of following, 312 ms.
      const url = `${registry.url}/api/v1/packages/${name}/versions/${version}`;
      for (const end = Date.now() + 10_000; (await fetch(url)).status !== 410; await sleep(20)) {
        if (Date.now() > end) throw new Error(`the registry has not heard within 10 s that "${url}" was taken down`);
      }
    },
    close: async () => {
      await registry.end('SIGTERM');
      rmSync(folder, { recursive: true });
    },
  };
}
