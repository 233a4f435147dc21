import { type Digest, digestOf, packTar } from '@ebpm/formats';
import type { ApiPackage } from '@ebpm/schemas';

/** A package that is to be published. */
export interface TestPackage {
  readonly name: string;
  readonly version: string;
  readonly archive: Uint8Array;
  readonly digest: Digest;
}

/** A sound package; another `content` makes other bytes. */
export function testPackage(name: string, version: string, content = ''): TestPackage {
  const archive = packTar([
    { path: 'ebpm.json', bytes: Buffer.from(JSON.stringify({ manifest: 1, name, version })) },
    { path: 'package.json', bytes: Buffer.from(content) },
  ]);
  return { name, version, archive, digest: digestOf(archive) };
}

/** Publishes as any HTTP client would. @param query with its "?" */
export function publishTo(
  url: string,
  token: string,
  { name, version, archive, digest }: TestPackage,
  query = '',
): Promise<Response> {
  return fetch(`${url}/api/v1/packages/${encodeURIComponent(name)}/versions/${version}${query}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-tar', 'ebpm-digest': digest },
    body: archive,
  });
}

/**
 * The versions of a package that a registry lists; none when it does not know it.
 * @param seen an `ebpm-seq` of another answer: nothing older is wanted
 */
export async function listedVersions(url: string, name: string, seen = '0'): Promise<ApiPackage['versions']> {
  const answer = await fetch(`${url}/api/v1/packages/${encodeURIComponent(name)}`, {
    headers: { 'ebpm-min-seq': seen },
  });
  return answer.status === 404 ? [] : ((await answer.json()) as ApiPackage).versions;
}

/** The digest of the bytes that a registry serves for a digest. */
export async function servedDigest(url: string, digest: string): Promise<Digest> {
  const answer = await fetch(`${url}/api/v1/blobs/sha256/${digest.slice('sha256:'.length)}`);
  return digestOf(new Uint8Array(await answer.arrayBuffer()));
}
