import { type ApiPackage, type ApiVersion, apiPackageKind, apiVersionKind, validate } from '@ebpm/schemas';
import { isObject } from '../fold/field-checks.js';
import { parseJson } from '../parse-json.js';

/** What is known of a package of another registry. */
export interface UpstreamRecord {
  readonly url: string;
  readonly package: ApiPackage;
  /** Those that somebody has asked for, by version. */
  readonly versions: Readonly<Record<string, ApiVersion>>;
}

/** The record as it is kept. */
export function writeUpstreamRecord(record: UpstreamRecord): Uint8Array {
  return Buffer.from(JSON.stringify({ v: 1, ...record }));
}

/** A record that was kept; undefined when it is none. */
export function readUpstreamRecord(bytes: Uint8Array): UpstreamRecord | undefined {
  const value = parseJson(bytes);
  if (!isObject(value) || typeof value['url'] !== 'string' || !isObject(value['versions'])) return undefined;
  const found = validate(apiPackageKind, value['package']);
  const versions = Object.entries(value['versions']).map(
    ([name, version]) => [name, validate(apiVersionKind, version)] as const,
  );
  if (!found.ok) return undefined;
  const sound = versions.flatMap(([name, checked]) => (checked.ok ? [[name, checked.value] as const] : []));
  return { url: value['url'], package: found.value, versions: Object.fromEntries(sound) };
}

/** The version of a package that has changed since it was seen first, if one has: no registry may do that. */
export function changedVersion(before: ApiPackage, after: ApiPackage): string | undefined {
  const digests = new Map(before.versions.map(({ version, digest }) => [version, digest]));
  return after.versions.find(({ version, digest }) => (digests.get(version) ?? digest) !== digest)?.version;
}
