/**
 * The kernel's BTF comes from the first of these that applies:
 *
 *     BTF_FILE_PATH, a file        that file
 *     BTF_FILE_PATH, a folder      FOLDER/ID/VERSION_ID/MACHINE/RELEASE.btf, as in btfhub, or FOLDER/RELEASE.btf
 *     /sys/kernel/btf/vmlinux      the kernel itself: nothing is chosen
 *     the package's archive        ID/VERSION_ID/MACHINE/RELEASE.btf in it
 */
import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { EbpmError } from '@ebpm/formats';
import { readBtf, usesKernelBtf } from '@ebpm/object';
import { MAX_KERNEL_BTF_BYTES } from '../limits.js';
import type { RunnablePackage } from '../runnable-package.js';
import { type SystemNames, thisSystem } from './this-system.js';

/** What decides which BTF is used. */
export interface KernelBtfOptions {
  /** `BTF_FILE_PATH`. */
  readonly path: string | undefined;
  /** Default: this one. */
  readonly system?: SystemNames;
  /** Whether the kernel shows its own; default: looks. */
  readonly kernelHasBtf?: boolean;
}

/** What wants the kernel's types. */
export type BtfUser = Pick<RunnablePackage, 'name' | 'object' | 'kernelBtfs'>;

/** Where kernels show their types. */
const KERNEL_BTF = '/sys/kernel/btf/vmlinux';

/**
 * The BTF that stands for the kernel's own: checked bytes, or the path of an ELF file with it, which libbpf reads. Undefined where
 * the kernel's own is used, or none is needed.
 *
 * @throws EBPM_BTF_NOT_FOUND, EBPM_BTF_FILE_UNUSABLE
 */
export function chooseKernelBtf(pkg: BtfUser, options: KernelBtfOptions): Uint8Array | string | undefined {
  const { path, system = thisSystem(), kernelHasBtf = existsSync(KERNEL_BTF) } = options;
  if (usesKernelBtf(pkg.object) === 'no') return undefined;
  if (path !== undefined && path !== '') return btfAt(path, system);
  if (kernelHasBtf || pkg.kernelBtfs === undefined) return undefined;
  const wanted = archivePath(system);
  const btf = wanted === undefined ? undefined : pkg.kernelBtfs.get(wanted);
  if (btf === undefined) throw notInArchive(pkg, wanted ?? namesOf(system));
  return checked(btf, `"${wanted}" in the package`);
}

/** Where an archive keeps the BTF of a system; undefined for names that are no names of folders. */
export function archivePath({ distribution, version, machine, release }: SystemNames): string | undefined {
  const parts = [distribution, version, machine, release];
  const areNames = parts.every((part) => part !== undefined && /^[A-Za-z0-9_][A-Za-z0-9._+~:-]*$/.test(part));
  return areNames ? `${parts.join('/')}.btf` : undefined;
}

function btfAt(path: string, system: SystemNames): Uint8Array | string {
  if (!isFolder(path)) return fileAt(path);
  const names = [archivePath(system), `${system.release}.btf`].filter((name) => name !== undefined);
  const candidates = [...names, ...names.map((name) => `btfhub-archive/${name}`)].map((name) => join(path, name));
  const found = candidates.find((candidate) => existsSync(candidate));
  if (found !== undefined) return fileAt(found);
  throw new EbpmError(
    'EBPM_BTF_NOT_FOUND',
    `Cannot find the BTF of this kernel in BTF_FILE_PATH "${path}": there is no "${names.join('" and no "')}"`,
    {
      hint: 'Name a file with the BTF of exactly this kernel, or a folder as btfhub has it, unpacked',
      data: { tried: candidates },
    },
  );
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (cause) {
    throw unusable(path, (cause as Error).message, cause);
  }
}

function fileAt(path: string): Uint8Array | string {
  try {
    if (!statSync(path).isFile()) throw new Error('it is not a regular file');
    // A vmlinux with its BTF in a section, and with whatever else is in it.
    if (isElf(path)) return path;
    const { size } = statSync(path);
    if (size > MAX_KERNEL_BTF_BYTES) throw new Error(`it has more than ${MAX_KERNEL_BTF_BYTES} bytes`);
    return checked(new Uint8Array(readFileSync(path)), `"${path}"`);
  } catch (cause) {
    if (cause instanceof EbpmError) throw cause;
    throw unusable(path, (cause as Error).message, cause);
  }
}

function isElf(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const start = Buffer.alloc(4);
    return readSync(file, start, 0, 4, 0) === 4 && start.equals(Buffer.from('\x7fELF', 'latin1'));
  } finally {
    closeSync(file);
  }
}

function checked(bytes: Uint8Array, where: string): Uint8Array {
  try {
    readBtf(bytes);
    return bytes;
  } catch (cause) {
    if (!(cause instanceof EbpmError)) throw cause;
    throw new EbpmError('EBPM_BTF_FILE_UNUSABLE', `Cannot use ${where} as BTF of the kernel: ${cause.message}`, {
      cause,
    });
  }
}

function unusable(path: string, reason: string, cause: unknown): EbpmError {
  return new EbpmError('EBPM_BTF_FILE_UNUSABLE', `Cannot read BTF_FILE_PATH "${path}": ${reason}`, { cause });
}

function notInArchive({ name, kernelBtfs }: BtfUser, wanted: string): EbpmError {
  const count = kernelBtfs?.size ?? 0;
  return new EbpmError(
    'EBPM_BTF_NOT_FOUND',
    `Cannot run "${name}": this kernel has no BTF, and of the ${count} that came with the package none is "${wanted}"`,
    { hint: 'Use a kernel with CONFIG_DEBUG_INFO_BTF, or name its BTF file in BTF_FILE_PATH', data: { wanted } },
  );
}

function namesOf({ distribution, version, machine, release }: SystemNames): string {
  return [distribution ?? '?', version ?? '?', machine, release].join('/');
}
