import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { EbpmError } from '@ebpm/formats';

/** Bytes of a package read from a file, stdin or an address: an archive with kernels' BTF may have as many. */
export const MAX_INPUT_BYTES = 64 * 1024 * 1024;

/**
 * Reads a file that the user named. Opening does not wait for a writer, so that a FIFO cannot hang a command.
 *
 * @throws EBPM_FILE_UNREADABLE
 */
export async function readFileArgument(path: string): Promise<Uint8Array> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stat = await file.stat();
      if (!stat.isFile()) throw new Error('it is not a regular file');
      if (stat.size > MAX_INPUT_BYTES)
        throw new Error(`it has ${stat.size} bytes, and ${MAX_INPUT_BYTES} are the limit`);
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new EbpmError('EBPM_FILE_UNREADABLE', `Cannot read "${path}": ${reason}`, { cause });
  }
}

/**
 * Reads stdin to its end.
 *
 * @throws EBPM_FILE_UNREADABLE when it is larger than a package may be
 */
export async function readStdin(stdin: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stdin) {
    size += chunk.length;
    if (size > MAX_INPUT_BYTES)
      throw new EbpmError('EBPM_FILE_UNREADABLE', `Cannot read stdin: it has more than ${MAX_INPUT_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
