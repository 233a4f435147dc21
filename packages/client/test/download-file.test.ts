import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { downloadFile, Http } from '../src/index.js';
import { type LoopbackServer, serve } from './loopback-server.js';

let server: LoopbackServer;
const http = new Http({ userAgent: 'test' });
beforeAll(async () => {
  server = await serve(({ path: pathname }, response) => {
    if (pathname === '/file') return response.end('the file');
    if (pathname === '/moved') return response.writeHead(302, { location: '/file' }).end();
    if (pathname === '/round') return response.writeHead(302, { location: '/round' }).end();
    if (pathname === '/large') return response.end(Buffer.alloc(2000));
    if (pathname === '/empty') return response.writeHead(204).end();
    return response.writeHead(404).end('<title>404</title>');
  });
});
afterAll(async () => {
  await http.close();
  await server.close();
});

const download = (path: string) => downloadFile(http, `${server.url}${path}`, { maxBytes: 1000 });

describe('downloadFile()', () => {
  test.each(['/file', '/moved'])('downloadFile() reads %s', async (path) => {
    expect(Buffer.from(await download(path)).toString()).toBe('the file');
  });

  test('downloadFile() tells how much has come, and of how much', async () => {
    const told: unknown[] = [];
    const onProgress = (received: number, total: number | undefined) => told.push([received, total]);
    await downloadFile(http, `${server.url}/file`, { maxBytes: 1000, onProgress });
    expect(told.at(-1)).toEqual([8, 8]);
  });

  test.each([
    ['/missing', 'the server answers 404 (Not Found)'],
    ['/empty', 'the server answers 204 (No Content)'],
    ['/large', 'it has more than 1000 bytes'],
    ['/round', 'it redirects more than 5 times'],
  ])('downloadFile() refuses %s: %s', async (path, reason) => {
    await expect(download(path)).rejects.toMatchObject({
      code: 'EBPM_DOWNLOAD_FAILED',
      message: `Cannot download "${server.url}${path}": ${reason}`,
    });
  });

  test('downloadFile() says that nothing listens there', async () => {
    const url = 'http://127.0.0.1:1/x';
    await expect(downloadFile(http, url, { maxBytes: 1 })).rejects.toMatchObject({
      code: 'EBPM_DOWNLOAD_FAILED',
      message: `Cannot download "${url}": nothing listens there`,
    });
  });
});
