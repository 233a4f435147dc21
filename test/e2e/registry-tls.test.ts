import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificates } from '../../packages/client/test/test-certificates.js';
import { openWorld, type World } from './open-world.js';
import { RegistryProcess } from './registry-process.js';
import { runEbpm } from './run-ebpm.js';

let world: World;
let registry: RegistryProcess;
let caFile: string;

beforeAll(async () => {
  world = await openWorld();
  const folder = join(world.folder, 'tls');
  mkdirSync(folder);
  ({ caFile } = makeCertificates(folder));
  registry = await RegistryProcess.start({
    ...world.place,
    env: {
      EBPM_REGISTRY_TLS_CERT: join(folder, 'server.pem'),
      EBPM_REGISTRY_TLS_KEY: join(folder, 'server.key'),
    },
  });
});
afterAll(async () => {
  await registry?.end('SIGTERM');
  await world?.close();
});

const whoami = (more: Readonly<Record<string, string>>) =>
  runEbpm(['whoami'], {
    env: { EBPM_HOME: world.newHome(), EBPM_REGISTRY: registry.url, EBPM_TOKEN: world.token, ...more },
  });

describe('ebpm and a registry with a certificate of its own', () => {
  it('EBPM_CA_FILE has ebpm trust who signed it', async () => {
    expect(await whoami({ EBPM_CA_FILE: caFile })).toEqual({ exitCode: 0, stdout: 'alice\n', stderr: '' });
  });

  it('ebpm refuses it without that, and says so', async () => {
    const { exitCode, stderr } = await whoami({});
    expect(exitCode).toBe(1);
    expect(stderr).toContain('name a file with the signer in EBPM_CA_FILE');
  });
});
