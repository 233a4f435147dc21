import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Http, type HttpSettings } from '../src/http.js';
import { readCertificates } from '../src/read-certificates.js';
import { listen, stop } from './loopback-server.js';
import { refused } from './refused.js';
import { makeCertificates, type TestCertificates } from './test-certificates.js';

let folder: string;
let certificates: TestCertificates;
let server: Server;
let url: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ebpm-tls-'));
  certificates = makeCertificates(folder);
  server = createServer({ key: certificates.key, cert: certificates.cert }, (request, response) => {
    if (request.url === '/down') response.writeHead(302, { location: 'http://127.0.0.1:1/' });
    response.end('over TLS');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true });
});

async function get(settings: Partial<HttpSettings>, path = '/'): Promise<string> {
  const http = new Http({ userAgent: 'ebpm/test', ...settings });
  try {
    const { body } = await http.send({ method: 'GET', url: `${url}${path}`, token: 'secret', maxBytes: 1000 });
    return Buffer.from(body).toString();
  } finally {
    await http.close();
  }
}

describe('Http over TLS', () => {
  test('Http refuses a certificate that nobody known has signed, and says what to do', async () => {
    await expect(get({})).rejects.toEqual(refused('EBPM_REGISTRY_UNREACHABLE', 'EBPM_CA_FILE'));
  });

  test('Http trusts the certificates that it is given', async () => {
    expect(await get({ ca: await readCertificates(certificates.caFile) })).toBe('over TLS');
  });

  test('Http does not go from https to http', async () => {
    const ca = await readCertificates(certificates.caFile);
    await expect(get({ ca }, '/down')).rejects.toEqual(refused('EBPM_REGISTRY_ANSWER_INVALID', 'redirects'));
  });

  test('Http goes through a proxy with CONNECT, which sees no token', async () => {
    const ca = await readCertificates(certificates.caFile);
    const asked: string[] = [];
    const proxy = createHttpServer();
    proxy.on('connect', (request, socket) => {
      asked.push(request.url ?? '', String(request.headers.authorization));
      const [host = '', port = ''] = request.url?.split(':') ?? [];
      const target = connect(Number(port), host, () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
      target.pipe(socket).pipe(target);
      for (const end of [target, socket]) end.on('error', () => {});
    });
    const httpsProxy = `http://127.0.0.1:${await listen(proxy)}`;
    try {
      expect(await get({ ca, httpsProxy })).toBe('over TLS');
      expect(await get({ ca, httpsProxy, noProxy: '127.0.0.1' })).toBe('over TLS');
      expect(asked).toEqual([url.slice('https://'.length), 'undefined']);
    } finally {
      await stop(proxy);
    }
  });
});

describe('readCertificates()', () => {
  test('readCertificates() refuses what is missing, no file or no certificate', async () => {
    const paths = [join(folder, 'none'), folder, join(folder, 'san')];
    for (const path of paths)
      await expect(readCertificates(path)).rejects.toEqual(refused('EBPM_CA_FILE_INVALID', path));
  });
});
