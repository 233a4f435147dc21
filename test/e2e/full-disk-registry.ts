// Fills a small disk with publishes over HTTP, then makes room: prints what happened as JSON.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf } from '@ebpm/formats';
import { type SamplePackage, samplePackage } from '../../packages/registry/test/sample-package.js';

const [directory = '', program = ''] = process.argv.slice(2);
const place = ['--store', `file:${join(directory, 'store')}`, '--key-file', join(directory, 'key')];
run('user', 'add', 'alice');
const token = run('token', 'create', 'alice').trim();
const flags = ['--port', '0', '--json', '--log-level', 'silent'];
const server = spawn(process.execPath, [program, ...place, ...flags], { stdio: ['ignore', 'pipe', 'inherit'] });
const [line] = await once(server.stdout, 'data');
const url: string = JSON.parse(String(line)).listening;
await writeFile(join(directory, 'ballast'), Buffer.alloc(1024 * 1024));

const accepted: SamplePackage[] = [];
const { answer, sample } = await publishUntilRefused();
const { code, data } = (await answer.json()) as { code: string; data?: { request?: string } };
const refused = { status: answer.status, code, hasRequestId: data?.request === answer.headers.get('ebpm-request-id') };
const again = (await publish(sample)).status;
const whileFull = {
  ready: (await fetch(`${url}/readyz`)).status,
  served: (await served(accepted.at(-1))) === accepted.at(-1)?.digest,
  hasRefused: (await versions()).includes(sample.version),
};
await rm(join(directory, 'ballast'));
const after = (await publish(sample)).status;
const present = await versions();
const missing = [...accepted, sample].map(({ version }) => version).filter((version) => !present.includes(version));
server.kill('SIGTERM');
await once(server, 'exit');
const verified = run('verify').trim();
process.stdout.write(JSON.stringify({ refused, again, whileFull, after, missing, verified }));

function run(...args: readonly string[]): string {
  return execFileSync(process.execPath, [program, ...args, ...place], { encoding: 'utf8' });
}

async function publishUntilRefused(): Promise<{ readonly answer: Response; readonly sample: SamplePackage }> {
  for (let n = 0; ; n++) {
    const next = samplePackage({ version: `1.${n}.0`, content: 'x'.repeat(200_000) });
    const outcome = await publish(next);
    if (outcome.status !== 201) return { answer: outcome, sample: next };
    accepted.push(next);
  }
}

function publish({ name, version, digest, archive }: SamplePackage): Promise<Response> {
  return fetch(`${url}/api/v1/packages/${name}/versions/${version}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-tar', 'ebpm-digest': digest },
    body: archive as Uint8Array<ArrayBuffer>,
  });
}

async function versions(): Promise<string[]> {
  const document = await (await fetch(`${url}/api/v1/packages/sigsnoop`)).json();
  return (document as { versions: { version: string }[] }).versions.map(({ version }) => version);
}

async function served(wanted: SamplePackage | undefined): Promise<string | undefined> {
  if (wanted === undefined) return undefined;
  const blob = await fetch(`${url}/api/v1/blobs/${wanted.digest.replace(':', '/')}`);
  return digestOf(new Uint8Array(await blob.arrayBuffer()));
}
