import { type Digest, digestOf, packTar, type TarFile } from '@ebpm/formats';

/** A package, packed. */
export interface SamplePackage {
  readonly name: string;
  readonly version: string;
  readonly archive: Uint8Array;
  readonly digest: Digest;
}

/** What differs from the plainest package. */
export interface SampleOptions {
  readonly name?: string;
  readonly version?: string;
  /** Further keys of ebpm.json. */
  readonly manifest?: Readonly<Record<string, unknown>>;
  /** Makes other bytes. */
  readonly content?: string;
  readonly files?: readonly TarFile[];
}

/** A small sound package. */
export function samplePackage(options: SampleOptions = {}): SamplePackage {
  const { name = 'sigsnoop', version = '1.0.0', manifest = {}, content = 'hello', files = [] } = options;
  const archive = packTar([
    { path: 'ebpm.json', bytes: Buffer.from(JSON.stringify({ manifest: 1, name, version, ...manifest })) },
    { path: 'package.json', bytes: Buffer.from(content) },
    ...files,
  ]);
  return { name, version, archive, digest: digestOf(archive) };
}
