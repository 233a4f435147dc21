import type { Readable } from 'node:stream';
import { MAX_CAPTURED_BYTES, MAX_CONSOLE_BYTES } from './limits.js';
import { createOutputTail, type OutputTail } from './output-tail.js';

/** The newest part of all that a run prints. */
export interface GuestOutput {
  readonly stdout: OutputTail;
  readonly stderr: OutputTail;
  /** The serial console: the kernel and init. */
  readonly console: OutputTail;
  /** QEMU itself. */
  readonly qemu: OutputTail;
}

/** Makes the tails of a run that has printed nothing yet. */
export function createGuestOutput(): GuestOutput {
  return {
    stdout: createOutputTail(MAX_CAPTURED_BYTES),
    stderr: createOutputTail(MAX_CAPTURED_BYTES),
    console: createOutputTail(MAX_CONSOLE_BYTES),
    qemu: createOutputTail(MAX_CONSOLE_BYTES),
  };
}

/** What a stream of QEMU ends with when the process is gone. */
const BROKEN_OFF = ['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE'];

/** The pieces of a stream of QEMU. It ends when QEMU is gone, too: how QEMU ended says more than how its streams did. */
export async function* pieces(stream: Readable): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of stream) yield piece as Uint8Array;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && BROKEN_OFF.includes(String(error.code)))) throw error;
  }
}
