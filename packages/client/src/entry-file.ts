import {
  EbpmError,
  type PackageContent,
  readPackageContent,
  sniffPackage,
  type TarFile,
  writeEunomiaPackage,
} from '@ebpm/formats';
import { objectsInWasm, readObject } from '@ebpm/object';
import { checkModule } from './check-module.js';

/** What a package is published of, when it is not a project. */
export interface EntrySource {
  readonly bytes: Uint8Array;
  /** Names the bytes in errors. */
  readonly source: string;
  /** The object that lies beside a file with nothing but metadata. */
  readonly object?: Uint8Array | undefined;
}

/**
 * The entry of a package that is made of one file: the file as it is, under a name that its content says. Metadata and the object
 * beside it become one package.json.
 *
 * @param name of the package
 * @throws what `checkedContent` throws
 */
export function entryFile(from: EntrySource, name: string): TarFile {
  const content = checkedContent(from);
  if (content === undefined) return { path: WASM_ENTRY, bytes: from.bytes };
  if (content.kind === 'skel' && from.object !== undefined) {
    const text = writeEunomiaPackage({ object: from.object, meta: content.meta });
    return { path: ENTRY_NAMES.eunomia, bytes: Buffer.from(text) };
  }
  const path = content.kind === 'elf' ? `${name.replace(/^.*\//, '')}.bpf.o` : ENTRY_NAMES[content.kind];
  return { path, bytes: from.bytes };
}

const WASM_ENTRY = 'app.wasm';
const ENTRY_NAMES = {
  eunomia: 'package.json',
  seed: 'package.json',
  skel: 'package.json',
  tar: 'package.tar',
} as const;

/**
 * What a file holds that can be published: what cannot be loaded anywhere does not leave this machine. Undefined for a WASM module, which holds objects of its own.
 *
 * @throws EBPM_PACKAGE_UNSUPPORTED for metadata without an object, and what readPackageContent and readObject refuse, EBPM_PACKAGE_INVALID for a module that cannot be started
 */
export function checkedContent({ bytes, source, object }: EntrySource): PackageContent | undefined {
  if (sniffPackage(bytes) === 'wasm') {
    checkModule(bytes, source);
    for (const held of objectsInWasm(bytes)) readObject(held);
    return undefined;
  }
  const content = readPackageContent(bytes, source);
  const loaded = content.kind === 'skel' ? object : content.object;
  if (loaded === undefined) {
    throw new EbpmError(
      'EBPM_PACKAGE_UNSUPPORTED',
      `Cannot publish "${source}": it is metadata without an eBPF object`,
      { hint: 'Put its object beside it and type: ebpm publish x.skel.json --name NAME --version 1.0.0' },
    );
  }
  readObject(loaded);
  return content;
}
