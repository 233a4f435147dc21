import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { blobKey, entryKey } from '../../src/stores/keys.js';
import { openS3Store } from '../../src/stores/s3.js';
import type { Store } from '../../src/stores/store.js';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const ENTRY = entryKey('log', 1);
const BYTES = Buffer.from('bytes');

/** What a real S3 server does is tested against one; here, what a server can do that none does when asked. */
describe('openS3Store()', () => {
  it('create() asks once, for the path of bucket, prefix and key, on the condition that nothing is there', () =>
    withServer([status(200)], async (store, requests) => {
      expect(await store.create(ENTRY, BYTES)).toBe('created');
      expect(requests).toMatchObject([{ method: 'PUT', url: '/hub/pre/fix/log/000000000001?x-id=PutObject' }]);
      expect(requests[0]?.headers['if-none-match']).toBe('*');
      expect(Object.keys(requests[0]?.headers ?? {}).filter((name) => /checksum/.test(name))).toEqual([]);
    }));

  it('putBlob() has no condition', () =>
    withServer([status(200)], async (store, requests) => {
      await store.putBlob(blobKey('ab'.repeat(32)), BYTES);
      expect(requests[0]?.headers['if-none-match']).toBeUndefined();
    }));

  it.each([
    ['vouched', '"4b3a6218bb3e3a7303e8a171a60fcf92"'],
    ['unknown', '"4b3a6218bb3e3a7303e8a171a60fcf93"'],
    ['unknown', '"4b3a6218bb3e3a7303e8a171a60fcf92-1"'],
    ['unknown', undefined],
  ])('putBlob() is %s when the answer says that the MD5 is %s', (vouched, etag) =>
    withServer([(_, response) => response.writeHead(200, etag === undefined ? {} : { etag }).end()], async (store) => {
      expect(await store.putBlob(blobKey('ab'.repeat(32)), BYTES)).toBe(vouched);
    }),
  );

  it('create() says exists on 412', () =>
    withServer([status(412, 'PreconditionFailed')], async (store, requests) => {
      expect(await store.create(ENTRY, BYTES)).toBe('exists');
      expect(requests).toHaveLength(1);
    }));

  it.each([400, 401, 403, 404, 405, 411, 413, 422, 499])('create() is refused after %i', (code) =>
    withServer([status(code, 'Whatever')], async (store, requests) => {
      const created = store.create(ENTRY, BYTES);
      await expect(created).rejects.toMatchObject({
        code: 'EBPM_STORE_REFUSED',
        outcome: 'refused',
        data: { status: code },
      });
      expect(requests).toHaveLength(1);
    }),
  );

  it.each([408, 409, 429, 500, 502, 503, 504])('create() is ambiguous after %i, and is not sent again', (code) =>
    withServer([status(code, 'Whatever')], async (store, requests) => {
      const created = store.create(ENTRY, BYTES);
      await expect(created).rejects.toMatchObject({ code: 'EBPM_STORE_UNAVAILABLE', outcome: 'ambiguous' });
      expect(requests).toHaveLength(1);
    }),
  );

  it('create() is ambiguous when the connection breaks', () =>
    withServer([(request) => request.socket.destroy()], async (store, requests) => {
      await expect(store.create(ENTRY, BYTES)).rejects.toMatchObject({ outcome: 'ambiguous' });
      expect(requests).toHaveLength(1);
    }));

  it('create() is ambiguous when nobody listens', async () => {
    const store = await openAt('http://127.0.0.1:9');
    await expect(store.create(ENTRY, BYTES)).rejects.toMatchObject({ outcome: 'ambiguous' });
  });

  it('create() is ambiguous when its caller gives up', () =>
    withServer([() => undefined], async (store) => {
      await expect(store.create(ENTRY, BYTES, AbortSignal.timeout(50))).rejects.toMatchObject({ outcome: 'ambiguous' });
    }));

  it('create() asks again when only the clock was wrong, and the clock of the store is known then', () =>
    withServer([skewed, skewed], async (store, requests) => {
      const created = store.create(ENTRY, BYTES);
      await expect(created).rejects.toMatchObject({ outcome: 'refused', data: { name: 'RequestTimeTooSkewed' } });
      expect(requests).toHaveLength(2);
      const [first, second] = requests.map(({ headers }) => String(headers['x-amz-date']).slice(0, 4));
      expect(first).toBe(String(new Date().getUTCFullYear()));
      expect(second).toBe('2040');
    }));

  it('clockOffsetMs() is learned from answers', () =>
    withServer([status(200, '', { date: new Date(Date.now() + 3_600_000).toUTCString() })], async (store) => {
      await store.create(ENTRY, BYTES);
      expect(Math.abs(store.clockOffsetMs() - 3_600_000)).toBeLessThan(2_000);
    }));

  it('get() does not take a missing bucket for a missing key', () =>
    withServer([status(404, 'NoSuchKey'), status(404, 'NoSuchBucket')], async (store) => {
      expect(await store.get(ENTRY)).toBeUndefined();
      await expect(store.get(ENTRY)).rejects.toMatchObject({ outcome: 'refused', data: { name: 'NoSuchBucket' } });
    }));

  it('an error is not followed by words that the SDK made up, where the server sent only a code', () =>
    withServer([status(404, 'NoSuchBucket', {}, '')], async (store) => {
      const message = `Cannot create "${ENTRY}": 404 NoSuchBucket`;
      await expect(store.create(ENTRY, BYTES)).rejects.toMatchObject({ message });
    }));

  it('get() refuses more than an entry can have, announced or not', () =>
    withServer([oversize(true), oversize(false)], async (store) => {
      for (const _ of [1, 2]) {
        await expect(store.get(ENTRY)).rejects.toMatchObject({ code: 'EBPM_STORE_REFUSED' });
      }
    }));

  it('get() is ambiguous when the body ends early', () =>
    withServer([cutShort], async (store) => {
      await expect(store.get(ENTRY)).rejects.toMatchObject({ outcome: 'ambiguous' });
    }));

  it('list() passes over what is not ours, and goes on behind it', () =>
    withServer([page(['log/notes', 'log/zzz'], true), page(['log/000000000007'], false)], async (store, requests) => {
      expect(await store.list('log/', { limit: 2 })).toEqual([entryKey('log', 7)]);
      expect(requests[1]?.url).toContain(`start-after=${encodeURIComponent('pre/fix/log/zzz')}`);
    }));

  it('head(), list(), putBlob() and remove() tell what the server said', () =>
    withServer(
      Array.from({ length: 4 }, () => status(403, 'AccessDenied')),
      async (store) => {
        const blob = blobKey('ab'.repeat(32));
        const refused = { code: 'EBPM_STORE_REFUSED', data: { status: 403 } };
        await expect(store.head(blob)).rejects.toMatchObject(refused);
        await expect(store.list('log/')).rejects.toMatchObject(refused);
        await expect(store.putBlob(blob, BYTES)).rejects.toMatchObject(refused);
        await expect(store.remove(blob)).rejects.toMatchObject(refused);
      },
    ));
});

function status(code: number, name = '', headers: Readonly<Record<string, string>> = {}, said = 'told so'): Answer {
  const body = name === '' ? '' : `<?xml version="1.0"?><Error><Code>${name}</Code><Message>${said}</Message></Error>`;
  return (_, response) => {
    response.writeHead(code, { 'content-type': 'application/xml', ...headers }).end(body);
  };
}

/** The server lives in 2040. */
const skewed: Answer = (request, response) =>
  status(403, 'RequestTimeTooSkewed', { date: 'Sun, 01 Jan 2040 12:00:00 GMT' })(request, response);

function oversize(isAnnounced: boolean): Answer {
  const body = Buffer.alloc(1024 * 1024 + 1);
  return (_, response) => {
    response.writeHead(200, isAnnounced ? { 'content-length': body.length } : {});
    response.write(body.subarray(0, 1024));
    response.end(body.subarray(1024));
  };
}

const cutShort: Answer = (request, response) => {
  response.writeHead(200, { 'content-length': 100 });
  response.write('short');
  setTimeout(() => request.socket.destroy(), 20);
};

function page(keys: readonly string[], isTruncated: boolean): Answer {
  const contents = keys.map((key) => `<Contents><Key>pre/fix/${key}</Key></Contents>`).join('');
  const body = `<ListBucketResult><IsTruncated>${isTruncated}</IsTruncated>${contents}</ListBucketResult>`;
  return (_, response) => {
    response.writeHead(200, { 'content-type': 'application/xml' }).end(body);
  };
}

async function withServer(
  answers: readonly Answer[],
  test: (store: Store, requests: readonly IncomingMessage[]) => Promise<void>,
): Promise<void> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    const answer = answers[requests.length] ?? status(599);
    requests.push(request);
    request.resume().on('end', () => answer(request, response));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const store = await openAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  try {
    await test(store, requests);
  } finally {
    await store.close();
    server.closeAllConnections();
    server.close();
  }
}

function openAt(endpoint: string): Promise<Store> {
  const credentials = { accessKeyId: 'key', secretAccessKey: 'secret' };
  return openS3Store({
    bucket: 'hub',
    prefix: 'pre/fix',
    region: 'us-east-1',
    endpoint,
    credentials,
    clock: systemClock,
  });
}
