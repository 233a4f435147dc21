import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from './context.js';
import { writeOutput } from './write-output.js';

const HOST_BTF = '/sys/kernel/btf/vmlinux';
/** The newest of lab's kernels: it has the types of the older ones and more. */
const HEADER_KERNEL = '6.12';

/**
 * The kernel types that vmlinux.h is made from: nothing to say where this kernel has BTF, else those of a lab kernel,
 * fetched and booted once.
 *
 * @param hostBtf where this kernel shows its BTF; default `/sys/kernel/btf/vmlinux`
 */
export async function headerTypes(
  context: Context,
  hostBtf: string = HOST_BTF,
): Promise<{ readonly btfPath?: string }> {
  if (existsSync(hostBtf)) return {};
  const { kernelBtf } = await import('@ebpm/lab');
  context.stderr.write(`This kernel has no BTF: taking the types of Linux ${HEADER_KERNEL} from a throwaway kernel\n`);
  const btfPath = join(context.cacheFolder, 'headers', `linux-${HEADER_KERNEL}.btf`);
  await writeOutput(btfPath, await kernelBtf(HEADER_KERNEL, { cacheDir: join(context.cacheFolder, 'lab') }));
  return { btfPath };
}
