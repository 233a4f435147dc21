import type { ServerResponse } from 'node:http';
import { digestOf, formatNoteKey, logOrigin, noteSigner, signCheckpoint } from '@ebpm/formats';
import { type LoopbackServer, sendJson, serve } from '../../packages/client/test/loopback-server.js';

/** A package of a registry that means harm. */
export interface HostilePackage {
  readonly name: string;
  /** What the registry says that it serves: the digest is of these bytes. */
  readonly promised: Uint8Array;
  /** What it serves; the promised bytes by default. */
  readonly send?: (response: ServerResponse) => void;
}

/** Serves packages as a registry does, version 1.0.0 of each, whatever is in them. */
export function hostileRegistry(packages: readonly HostilePackage[]): Promise<LoopbackServer> {
  return serve(({ path }, response) => {
    const { pathname } = new URL(path, 'http://localhost');
    response.setHeader('ebpm-checkpoint', Buffer.from(HOSTILE_HEAD.note).toString('base64'));
    if (pathname === '/api/v1/log/key') return void response.end(HOSTILE_HEAD.key);
    if (pathname === '/api/v1/packages/evil-words') return sendJson(response, 404, EVIL_ANSWER);
    const asked = packages.find(({ name }) => pathname === `/api/v1/packages/${name}`);
    const fetched = packages.find(
      ({ promised }) => pathname === `/api/v1/blobs/${digestOf(promised).replace(':', '/')}`,
    );
    if (asked !== undefined) sendJson(response, 200, description(asked));
    else if (fetched !== undefined) sendArchive(response, fetched);
    else sendJson(response, 404, { code: 'EBPM_PACKAGE_NOT_FOUND', message: 'none' });
  });
}

const ID = 'e'.repeat(32);
const SIGNER = noteSigner(logOrigin(ID), new Uint8Array(32).fill(1));
const HEAD = { registry: ID, seq: 1, hash: '1'.repeat(64), time: '2026-01-02T03:04:05.000Z' };

/** The head of its log, which it signs as any registry does, and the key. */
export const HOSTILE_HEAD = { note: signCheckpoint(HEAD, SIGNER), key: formatNoteKey(SIGNER.key) };

/** What would set the terminal's title, forge a hint, and pass for a compiler's words. */
const EVIL_ANSWER = {
  code: 'EBPM_PACKAGE_NOT_FOUND',
  message: 'Cannot \x1b]0;x\x07\nerror: forged\ncode: EBPM_FORGED',
  data: { diagnostics: '\x1b]0;x\x07\nerror: forged\n', log: ['\nerror: forged'], hint: 'type\nerror: forged' },
};

function description({ name, promised }: HostilePackage) {
  const version = {
    version: '1.0.0',
    digest: digestOf(promised),
    sizeBytes: promised.length,
    publishedAt: '2026-01-02T03:04:05Z',
    publisher: 'mallory',
    seq: 1,
    yanked: false,
  };
  return { name, tags: { latest: '1.0.0' }, versions: [version] };
}

function sendArchive(response: ServerResponse, { promised, send }: HostilePackage): void {
  response.writeHead(200, { 'content-type': 'application/x-tar' });
  if (send === undefined) response.end(promised);
  else send(response);
}

/** Sends zeros until nobody listens any more. */
export function sendForEver(response: ServerResponse): void {
  const zeros = new Uint8Array(64 * 1024);
  const more = () => {
    while (!response.destroyed && response.write(zeros));
  };
  response.on('drain', more);
  more();
}
