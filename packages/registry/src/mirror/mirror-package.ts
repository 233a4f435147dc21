import {
  digestHex,
  EbpmError,
  isPackageName,
  mirrorBlobFile,
  mirrorPackageFile,
  mirrorVersionFile,
  parseDigest,
  parseVersion,
} from '@ebpm/formats';
import type { ApiPackage, ApiPackageVersion, ApiVersion } from '@ebpm/schemas';
import type { MirrorCatalogue } from './mirror-catalogue.js';
import type { MirrorFiles } from './mirror-files.js';
import type { MirrorSource } from './mirror-source.js';

/** A package that changed. */
export interface ChangedPackage {
  readonly name: string;
  readonly source: MirrorSource;
  readonly files: MirrorFiles;
  readonly catalogue: MirrorCatalogue;
  /** Digests that the new entries of the log name, by `name@version`. */
  readonly published: ReadonlyMap<string, string>;
  /** Packages that became visible: the digests of their older versions are in entries that the mirror has without them. */
  readonly shown: ReadonlySet<string>;
}

/**
 * Fetches what a registry says of a package now, archives first. What it does not show any more is removed.
 * @returns how many archives came
 * @throws EBPM_REGISTRY_FORKED when it gives a version another digest than its log
 */
export async function mirrorPackage(change: ChangedPackage): Promise<number> {
  const { name, source, files, catalogue } = change;
  if (!isPackageName(name)) return 0;
  const found = await source.package(name);
  if (found === undefined || found.name !== name) {
    catalogue.remove(name);
    await files.remove(mirrorPackageFile(name));
    await files.remove(`packages/${name}/versions`);
    return 0;
  }
  let blobs = 0;
  const documents: ApiVersion[] = [];
  for (const listed of found.versions) {
    const document = await source.version(name, listed.version);
    if (document === undefined) continue;
    await checkDigest(change, listed, document);
    if (await fetchBlob(change, listed)) blobs++;
    await files.write(mirrorVersionFile(name, parseVersion(listed.version)), JSON.stringify(document));
    documents.push(document);
  }
  await files.write(mirrorPackageFile(name), JSON.stringify(found));
  catalogue.put(found, shownOf(found, documents));
  return blobs;
}

/** The log is signed; what else the registry says must agree with it, or with what this mirror has known before. */
async function checkDigest(change: ChangedPackage, listed: ApiPackageVersion, document: ApiVersion): Promise<void> {
  const { name, files, published, shown, source } = change;
  const before = await files.read(mirrorVersionFile(name, parseVersion(listed.version)));
  const known = published.get(`${name}@${listed.version}`) ?? (before && (JSON.parse(before) as ApiVersion).digest);
  const isKnown = known === undefined ? shown.has(name) : listed.digest === known;
  if (listed.digest === document.digest && isKnown) return;
  throw new EbpmError(
    'EBPM_REGISTRY_FORKED',
    `Cannot mirror "${name}@${listed.version}": "${source.url}" gives it the digest "${listed.digest}", and its log "${known ?? 'none'}"`,
  );
}

async function fetchBlob({ files, source }: ChangedPackage, { digest }: ApiPackageVersion): Promise<boolean> {
  const path = mirrorBlobFile(digestHex(parseDigest(digest)));
  if (await files.has(path)) return false;
  const bytes = await source.blob(parseDigest(digest));
  if (bytes === undefined) return false;
  await files.write(path, bytes);
  return true;
}

/** The version that describes the package: `latest`, else the newest. */
function shownOf({ tags }: ApiPackage, documents: readonly ApiVersion[]): ApiVersion | undefined {
  return documents.find(({ version }) => version === tags['latest']) ?? documents.at(-1);
}
