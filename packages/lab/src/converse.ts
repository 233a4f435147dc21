import type { Duplex, Readable } from 'node:stream';
import { type ControlOutcome, followControl } from './follow-control.js';
import { createGuestOutput, type GuestOutput, pieces } from './guest-output.js';
import type { LabOptions, OutputCallback } from './lab-options.js';
import { MAX_BOOT_MS } from './limits.js';
import type { OutputTail } from './output-tail.js';
import type { Qemu } from './qemu.js';
import { earlyEnd, runError } from './run-error.js';
import { createStop, type Stop } from './stop.js';
import { createTrailedStream } from './trailed-stream.js';

/** What a command in the lab left. */
export interface LabResult extends ControlOutcome {
  /** The last 16 MiB of what it wrote, as UTF-8; `onStdout` gets every byte. */
  readonly stdout: string;
  /** The same of stderr. */
  readonly stderr: string;
}

/**
 * Talks to a guest that is booting until its command has ended and everything has been brought over. Does not switch it off.
 * @throws EBPM_LAB_BOOT_TIMEOUT, EBPM_LAB_DEADLINE, EBPM_LAB_KERNEL_PANIC, EBPM_LAB_GUEST_ENDED, EBPM_LAB_QEMU_FAILED,
 *   EBPM_LAB_PROTOCOL; the signal's reason when aborted; what a callback throws
 */
export async function converse(qemu: Qemu, lab: LabOptions, trailer: string): Promise<LabResult> {
  const output = createGuestOutput();
  const stop = createStop(lab.signal);
  const stopFeeding = feed(lab.stdin, qemu.stdin);
  try {
    return await Promise.race([bringOver(qemu, lab, trailer, output, stop), stop.stopped]);
  } finally {
    stop.close();
    stopFeeding();
  }
}

async function bringOver(
  qemu: Qemu,
  lab: LabOptions,
  trailer: string,
  output: GuestOutput,
  stop: Stop,
): Promise<LabResult> {
  const { deadlineMs } = lab;
  stop.limit(MAX_BOOT_MS, () =>
    runError(
      'EBPM_LAB_BOOT_TIMEOUT',
      `Cannot run the command: kernel ${lab.kernel} was not ready in ${MAX_BOOT_MS} ms`,
      output,
    ),
  );
  const onReady = (): void =>
    stop.limit(deadlineMs, () =>
      runError('EBPM_LAB_DEADLINE', `Cannot finish the command: its deadline of ${deadlineMs} ms has passed`, output),
    );
  const rest = Promise.all([keep(qemu.console, output.console), keep(qemu.words, output.qemu)]);
  const [outcome, ...whole] = await Promise.all([
    followControl(qemu.control, { ...lab, onReady }),
    readOutput(qemu.stdout, trailer, output.stdout, lab.onStdout),
    readOutput(qemu.stderr, trailer, output.stderr, lab.onStderr),
  ]);
  if (outcome !== undefined && whole.every(Boolean)) {
    return { ...outcome, stdout: output.stdout.text(), stderr: output.stderr.text() };
  }
  const exit = await qemu.exited;
  await rest;
  throw earlyEnd(exit, output);
}

/** Hands stdin to the guest; gives what stops that. */
function feed(stdin: LabOptions['stdin'], port: Duplex): () => void {
  if (stdin === undefined || stdin instanceof Uint8Array) {
    port.end(stdin);
    return () => {};
  }
  stdin.pipe(port);
  return () => stdin.unpipe(port).pause();
}

/** Reads an output stream up to its trailer; false when it breaks off before. While the callback is busy, nothing is read. */
async function readOutput(
  port: Readable,
  trailer: string,
  tail: OutputTail,
  onChunk: OutputCallback | undefined,
): Promise<boolean> {
  const stream = createTrailedStream(Buffer.from(trailer));
  for await (const piece of pieces(port)) {
    const content = stream.push(piece);
    if (content.length > 0) {
      tail.push(content);
      await onChunk?.(content);
    }
    if (stream.ended) return true;
  }
  return false;
}

async function keep(stream: Readable, tail: OutputTail): Promise<void> {
  for await (const piece of pieces(stream)) tail.push(piece);
}
