import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EbpmError, sha256Hex } from '@ebpm/formats';
import { findBpftool } from './find-tool.js';
import { isFile } from './is-file.js';
import { MAX_BTF_BYTES } from './limits.js';
import { readLimited } from './read-limited.js';
import { type RunOptions, runTool } from './run-tool.js';

/** Where the kernel shows its own types. */
const RUNNING_KERNEL = '/sys/kernel/btf/vmlinux';

/** Where vmlinux.h comes from and goes to. */
export interface VmlinuxOptions extends RunOptions {
  /** A kernel's BTF; default that of the running kernel. */
  readonly btfPath?: string | undefined;
  /** Directory that keeps one vmlinux.h for each BTF; made when missing. */
  readonly cacheDir: string;
  /** Directories to find bpftool in, as in PATH. */
  readonly searchPath: string;
}

/**
 * The directory that holds `vmlinux.h`, the C declarations of all types of a kernel. bpftool makes it once for each BTF,
 * told by the SHA-256 of its bytes. A program that is built with it runs on other kernels too: the declarations carry
 * `preserve_access_index`, so the loader puts in the offsets of the kernel it loads into.
 * @throws EBPM_BUILD_NO_BTF, EBPM_BUILD_TOO_LARGE, EBPM_TOOL_MISSING, EBPM_BUILD_TOOL_FAILED, EBPM_BUILD_TIMEOUT
 */
export async function vmlinuxHeaderDir(options: VmlinuxOptions): Promise<string> {
  const btfPath = options.btfPath ?? RUNNING_KERNEL;
  const dir = join(options.cacheDir, 'vmlinux', sha256Hex(await readBtfFile(btfPath)));
  if (await isFile(join(dir, 'vmlinux.h'))) return dir;
  const bpftool = await findBpftool(options.searchPath);
  await mkdir(dir, { recursive: true });
  await writeWhole(join(dir, 'vmlinux.h'), (file) => dump(bpftool, btfPath, { ...options, stdoutFd: file.fd }));
  return dir;
}

async function readBtfFile(path: string): Promise<Uint8Array> {
  try {
    return await readLimited(path, MAX_BTF_BYTES);
  } catch (cause) {
    if (cause instanceof EbpmError) throw cause;
    throw new EbpmError('EBPM_BUILD_NO_BTF', `Cannot make vmlinux.h: a kernel's BTF cannot be read from "${path}"`, {
      cause,
      hint: 'Build on a kernel with BTF, or put a vmlinux.h into the project',
      data: { path },
    });
  }
}

async function dump(bpftool: string, btfPath: string, options: RunOptions): Promise<void> {
  const { exitCode, stderr } = await runTool(bpftool, ['btf', 'dump', 'file', btfPath, 'format', 'c'], options);
  if (exitCode === 0) return;
  throw new EbpmError('EBPM_BUILD_TOOL_FAILED', `Cannot make vmlinux.h: bpftool refuses "${btfPath}"`, {
    data: { tool: bpftool, exitCode, diagnostics: stderr },
  });
}

/** Writes a file under a temporary name and renames it, so that nobody ever sees a part of it. */
async function writeWhole(path: string, write: (file: FileHandle) => Promise<void>): Promise<void> {
  const temporary = `${path}.${randomUUID()}`;
  const file = await open(temporary, 'wx');
  try {
    await write(file);
    await file.sync();
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}
