import { createHash } from 'node:crypto';
import { Agent, request } from 'node:http';

/**
 * Lets so many publishers send packages, one after another each, until time or packages are used up. Gives how many were accepted a second.
 * @param next gives a publisher's next package
 * @param send sends one package and gives whether it was accepted
 */
export async function publishRate({ next, publishers, seconds, send }) {
  const startedMs = performance.now();
  const untilMs = startedMs + seconds * 1000;
  let accepted = 0;
  await Promise.all(
    Array.from({ length: publishers }, async (_, publisher) => {
      while (performance.now() < untilMs) {
        const pkg = next(publisher);
        if (pkg === undefined) return;
        if (await send(pkg, publisher)) accepted++;
      }
    }),
  );
  return { rate: (accepted * 1000) / (performance.now() - startedMs), accepted };
}

/** Each publisher's next package is the next of all. */
export function oneQueue(packages) {
  const queue = [...packages];
  return () => queue.pop();
}

/** More than there are publishers. */
const SOCKETS = 256;

/** Sends packages to registries in turn, as `ebpm publish` does. */
export function ebpmSender(urls, token) {
  const agent = new Agent({ keepAlive: true, maxSockets: SOCKETS });
  return async ({ name, version, archive, digest }, publisher) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/x-tar', 'ebpm-digest': digest };
    const url = `${urls[publisher % urls.length]}/api/v1/packages/${name}/versions/${version}`;
    const { status, text } = await put(url, { agent, headers, body: archive });
    if (status !== 201) throw new Error(`${name}: ${status} ${text}`);
    return true;
  };
}

/** Makes of a package what an npm registry is sent: its digests and its text take time that is not the registry's. */
export function npmPackage(pkg, url) {
  return { ...pkg, body: Buffer.from(JSON.stringify(npmDocument(pkg, url))) };
}

/** Sends packages to an npm registry, as `npm publish` does; without a token as nobody. */
export function npmSender(url, token) {
  const agent = new Agent({ keepAlive: true, maxSockets: SOCKETS });
  return async (pkg) => {
    const { body = npmPackage(pkg, url).body } = pkg;
    const { status, text } = await put(`${url}/${pkg.name}`, {
      agent,
      headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
      body,
    });
    if (status !== 201) throw new Error(`${pkg.name}: ${status} ${text}`);
    return true;
  };
}

function npmDocument({ name, version, archive, dependencies = {} }, url) {
  const file = `${name}-${version}.tgz`;
  const hash = (algorithm, encoding) => createHash(algorithm).update(archive).digest(encoding);
  const dist = {
    integrity: `sha512-${hash('sha512', 'base64')}`,
    shasum: hash('sha1', 'hex'),
    tarball: `${url}/${name}/-/${file}`,
  };
  return {
    _id: name,
    name,
    description: 'measured',
    'dist-tags': { latest: version },
    versions: {
      [version]: { name, version, description: 'measured', readme: '', _id: `${name}@${version}`, dependencies, dist },
    },
    access: null,
    _attachments: {
      [file]: {
        content_type: 'application/octet-stream',
        data: Buffer.from(archive).toString('base64'),
        length: archive.length,
      },
    },
  };
}

function put(url, { agent, headers, body }) {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { method: 'PUT', agent, headers: { ...headers, 'content-length': body.length } },
      (answer) => {
        const chunks = [];
        answer.on('data', (chunk) => chunks.push(chunk));
        answer.on('end', () => resolve({ status: answer.statusCode, text: Buffer.concat(chunks).toString() }));
      },
    );
    sent.on('error', reject).end(body);
  });
}
