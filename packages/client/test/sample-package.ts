import { type Digest, digestOf, packTar, type TarFile } from '@ebpm/formats';

/** A package, packed. */
export interface SamplePackage {
  readonly name: string;
  readonly version: string;
  readonly archive: Uint8Array;
  readonly digest: Digest;
  readonly files: readonly TarFile[];
}

/** What differs from the plainest package. */
export interface SampleOptions {
  readonly name?: string;
  readonly version?: string;
  /** Further keys of ebpm.json. */
  readonly manifest?: Readonly<Record<string, unknown>>;
  readonly content?: string;
  readonly more?: readonly TarFile[];
}

/** A small package. Its entry is only bytes: an installation does not look into it. */
export function samplePackage(options: SampleOptions = {}): SamplePackage {
  const { name = 'sigsnoop', version = '1.0.0', manifest = {}, content = 'hello', more = [] } = options;
  const files = [
    { path: 'ebpm.json', bytes: Buffer.from(JSON.stringify({ manifest: 1, name, version, ...manifest })) },
    { path: 'package.json', bytes: Buffer.from(content) },
    ...more,
  ];
  const archive = packTar(files);
  return { name, version, archive, digest: digestOf(archive), files };
}
