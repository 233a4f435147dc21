import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { systemRandom } from '../../src/random.js';
import { entryKey } from '../../src/stores/keys.js';
import { openStore, storeOpener } from '../../src/stores/open.js';
import { s3Place } from '../../src/stores/s3-place.js';
import { withTemporaryDirectory } from './temporary-directory.js';

const s3Credentials = { accessKeyId: 'key', secretAccessKey: 'hunter2' };
const OPTIONS = { clock: systemClock, random: systemRandom };

describe('openStore()', () => {
  it('openStore() opens a directory, written in either way', () =>
    withTemporaryDirectory(async (path) => {
      const store = await openStore(`file:${join(path, 'a b%41')}`, OPTIONS);
      await store.create(entryKey('log', 1), Buffer.from('x'));
      const same = await openStore(`file://${join(path, 'a b%41')}`, OPTIONS);
      expect(await same.head(entryKey('log', 1))).toBe(1);
      expect(same.name).toBe(`file:${join(path, 'a b%41')}`);
    }));

  it('openStore() opens a store in memory', async () => {
    expect((await openStore('memory:', OPTIONS)).name).toBe('memory:');
  });

  it.each([
    [404, 'NoSuchBucket', 'EBPM_STORE_REFUSED', 'Make the bucket'],
    [403, 'AccessDenied', 'EBPM_STORE_REFUSED', 'Look at the credentials'],
    [503, 'SlowDown', 'EBPM_STORE_UNAVAILABLE', 'Look whether the endpoint can be reached'],
  ])('openStore() names the bucket and the endpoint of a store that says %i %s, and a hint', async (...row) => {
    const [status, name, code, hint] = row;
    const body = `<Error><Code>${name}</Code></Error>`;
    const server = createServer((request, response) => {
      request.resume().on('end', () => response.writeHead(status, { 'content-type': 'application/xml' }).end(body));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = `s3://hub/a?endpoint=http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const refusal = await openStore(address, { ...OPTIONS, s3Credentials }).catch((error: unknown) => error);
    await promisify(server.close.bind(server))();
    expect(refusal).toMatchObject({ code, hint: expect.stringContaining(hint) });
    expect(String(refusal)).toContain(`Cannot use the store "${address}": cannot `);
    expect(String(refusal)).toContain(`: ${status} ${name}`);
    expect(String(refusal)).not.toContain('hunter2');

    const gone = openStore(address, { ...OPTIONS, s3Credentials });
    await expect(gone).rejects.toMatchObject({
      code: 'EBPM_STORE_UNAVAILABLE',
      message: expect.stringMatching(/^Cannot use the store "s3:.*ECONNREFUSED/),
      hint: expect.stringContaining('can be reached'),
    });
  });

  it.each([
    '',
    'memory',
    'file:',
    'file:~',
    'file:~/registry',
    '/srv/registry',
    'ftp://x/y',
    'constructor:x',
    's3://bucket',
  ])('openStore() refuses "%s"', async (address) => {
    await expect(openStore(address, OPTIONS)).rejects.toMatchObject({ code: 'EBPM_STORE_URL' });
    expect(() => storeOpener(address)).toThrow(expect.objectContaining({ code: 'EBPM_STORE_URL' }));
  });
});

describe('storeOpener()', () => {
  it('storeOpener() says what to set where a bucket has no credentials', () => {
    const hint = expect.stringContaining('Set both in the environment');
    expect(() => storeOpener('s3://hub')).toThrow(expect.objectContaining({ code: 'EBPM_STORE_URL', hint }));
  });
});

describe('s3Place()', () => {
  it('s3Place() reads bucket, prefix, region and endpoint', () => {
    expect(s3Place('s3://hub')).toEqual({ bucket: 'hub', prefix: '', region: 'us-east-1' });
    expect(s3Place('s3://hub/a/b/?region=eu-1&endpoint=http://127.0.0.1:7480')).toEqual({
      bucket: 'hub',
      prefix: 'a/b',
      region: 'eu-1',
      endpoint: 'http://127.0.0.1:7480',
    });
  });

  it.each([
    's3:',
    's3://',
    's3://x',
    's3://user:secret@hub',
    's3://hub:80',
    's3://hub/a//b',
    's3://hub/a%20b',
    's3://hub?region=EU',
    's3://hub?endpoint=nowhere',
    's3://hub?endpoint=ftp://x',
    's3://hub?endpoint=http://user:secret@x',
    's3://hub?acl=public',
  ])('s3Place() refuses "%s"', (address) => {
    expect(() => s3Place(address)).toThrow(expect.objectContaining({ code: 'EBPM_STORE_URL' }));
  });
});
