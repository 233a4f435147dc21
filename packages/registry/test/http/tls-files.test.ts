import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApp } from '../../src/app.js';
import { RegistryWorld, type Replica } from '../registry-world.js';

let directory: string;
let world: RegistryWorld;
let replica: Replica;
const file = (name: string) => join(directory, name);

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'ebpm-tls-'));
  const curve = ['ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  for (const [name, kind] of Object.entries({ a: curve, b: curve, rsa: ['rsa:2048'], weak: ['rsa:512'] })) {
    const key = ['-newkey', ...kind, '-nodes', '-keyout', file(`${name}.key`)];
    const subject = ['-x509', '-days', '1', '-subj', `/CN=${name}`, '-out', file(`${name}.pem`)];
    execFileSync('openssl', ['req', ...key, ...subject], { stdio: 'pipe' });
  }
  const locked = ['-topk8', '-in', file('a.key'), '-passout', 'pass:x', '-out', file('locked.key')];
  execFileSync('openssl', ['pkcs8', ...locked], { stdio: 'pipe' });
  writeFileSync(file('torn.pem'), '-----BEGIN CERTIFICATE-----\n');
  world = new RegistryWorld();
  replica = await world.replica();
});
afterAll(async () => {
  await world.close();
  rmSync(directory, { recursive: true });
});

const build = (tlsCert?: string, tlsKey?: string) =>
  buildApp({ registry: replica.registry, settings: { ...(tlsCert && { tlsCert }), ...(tlsKey && { tlsKey }) } });

describe('tlsFiles()', () => {
  it('lets the server speak TLS with the certificate of the files', async () => {
    const app = build(file('a.pem'), file('a.key'));
    await app.listen({ port: 0 });
    const { port } = app.server.address() as AddressInfo;
    const status = await new Promise((resolve, reject) => {
      const sent = request({ port, path: '/healthz', rejectUnauthorized: false, agent: false }, (answer) => {
        const { socket } = answer;
        const name = socket instanceof TLSSocket ? socket.getPeerCertificate().subject.CN : undefined;
        answer.resume().on('end', () => resolve([answer.statusCode, name]));
      });
      sent.on('error', reject).end();
    });
    await app.close();
    expect(status).toEqual([200, 'a']);
  });

  it.each([
    ['a.pem', undefined, 'TLS needs both'],
    [undefined, 'a.key', 'TLS needs both'],
    ['a.pem', 'b.key', 'they do not belong together'],
    ['a.pem', 'rsa.key', 'they do not belong together'],
    ['torn.pem', 'a.key', 'torn.pem": it is no certificate in PEM'],
    ['a.key', 'a.key', 'a.key": it is no certificate in PEM'],
    ['a.pem', 'a.pem', 'a.pem": it is no private key in PEM without a passphrase'],
    ['a.pem', 'locked.key', 'locked.key": it is no private key in PEM without a passphrase'],
    ['weak.pem', 'weak.key', 'weak.pem": it is too weak for TLS'],
    ['missing.pem', 'a.key', 'Cannot read the certificate'],
    ['a.pem', 'missing.key', 'missing.key": it does not exist'],
    ['a.pem', '.', 'it is a directory'],
  ])('refuses the certificate %s with the key %s, since %s', (cert, key, reason) => {
    const start = () => build(cert && file(cert), key && file(key));
    expect(start).toThrow(
      expect.objectContaining({
        code: 'EBPM_REGISTRY_CONFIG',
        message: expect.stringContaining(reason),
        hint: expect.stringContaining('--tls-cert FILE --tls-key FILE'),
      }),
    );
  });
});
