import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildExample } from '../kernels/build-example.js';
import { EBPM } from '../kernels/installation.js';
import { sendForEver } from './hostile-registry.js';
import { runEbpm } from './run-ebpm.js';

const IS_ROOT = process.getuid?.() === 0;
/** The user behind sudo, and who downloads for a root without one: every Debian has it. */
const NOBODY = 65_534;

let folder: string;
/** A copy of the command line that everybody may read, wherever the repository lies. */
let program: string;
let server: Server;
let url: string;
/** Who the connections belonged to. */
const users = new Set<number | undefined>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ebpm-urls-'));
  chmodSync(folder, 0o755);
  cpSync(dirname(EBPM), join(folder, 'bundle'), { recursive: true });
  cpSync(join(dirname(EBPM), '../package.json'), join(folder, 'package.json'));
  program = join(folder, 'bundle/main.js');
  const package_ = readFileSync(await buildExample('sigsnoop', folder));
  server = createServer((request, response) => {
    users.add(userOf(request.socket.remotePort ?? 0));
    if (request.url === '/tool?v=1') return response.end(package_);
    if (request.url === '/moved') return response.writeHead(301, { location: '/tool?v=1' }).end();
    if (request.url === '/round') return response.writeHead(302, { location: '/round' }).end();
    if (request.url === '/page') return response.end('<!doctype html><title>Sign in</title>');
    if (request.url === '/endless') return sendForEver(response);
    return response.writeHead(404).end('<!doctype html><title>404</title>');
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => users.clear());
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

/** The user whose socket has that port. @see https://man7.org/linux/man-pages/man5/proc_net_tcp.5.html */
function userOf(port: number): number | undefined {
  const wanted = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const row = readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .find(([, local]) => local === wanted);
  return row === undefined ? undefined : Number(row[7]);
}

function ebpm(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return runEbpm(args, { program, cwd: '/', env: { HOME: folder, ...env } });
}

const DOWNLOADER = IS_ROOT ? NOBODY : process.getuid?.();

describe('ebpm, of an address', () => {
  it.each(['/tool?v=1', '/moved'])('ebpm run reads a package from %s, and not as root', async (path) => {
    const { exitCode, stdout, stderr } = await ebpm(['run', `${url}${path}`, '--help']);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 0,
      stderr: IS_ROOT ? 'Downloading as user "nobody", not as root\n' : '',
    });
    expect(stdout).toContain('Usage: sigsnoop_bpf [OPTIONS]\n');
    expect([...users]).toEqual([DOWNLOADER]);
  });

  it('ebpm check and ebpm publish read it too', async () => {
    const check = await ebpm(['check', `${url}/tool?v=1`]);
    expect(check.stdout).toContain('The verifier was not asked');
    const publish = await ebpm([
      ...['publish', `${url}/tool?v=1`, '--dry-run'],
      ...['--name', 'sigsnoop', '--version', '1.0.0'],
    ]);
    expect(publish.stdout).toContain('Nothing was sent: this is a dry run');
    expect([...users]).toEqual([DOWNLOADER]);
  });

  it.skipIf(!IS_ROOT)('under sudo the user behind it downloads, and nothing is said', async () => {
    const sudo = { SUDO_UID: String(NOBODY), SUDO_GID: String(NOBODY), SUDO_USER: 'nobody' };
    const { exitCode, stderr } = await ebpm(['run', `${url}/tool?v=1`, '--help'], sudo);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect([...users]).toEqual([NOBODY]);
  });

  it.each([
    ['/missing', 'EBPM_DOWNLOAD_FAILED', 'the server answers 404 (Not Found)'],
    ['/round', 'EBPM_DOWNLOAD_FAILED', 'it redirects more than 5 times'],
    ['/endless', 'EBPM_DOWNLOAD_FAILED', 'it has more than 67108864 bytes'],
    ['/page', 'EBPM_PACKAGE_MALFORMED', 'it is a web page, "Sign in"'],
  ])('ebpm run refuses %s with %s: %s', async (path, code, reason) => {
    const { exitCode, stdout, stderr } = await ebpm(['run', `${url}${path}`]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain(`${reason}\n`);
    expect(stderr).toContain(`\ncode: ${code}\n`);
  });

  it('ebpm run says that nothing listens there', async () => {
    const { exitCode, stderr } = await ebpm(['run', 'http://127.0.0.1:1/x.json']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('error: Cannot download "http://127.0.0.1:1/x.json": nothing listens there\n');
  });
});
