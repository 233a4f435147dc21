import { EbpmError, type ErrorCode } from '@ebpm/formats';
import type { GuestOutput } from './guest-output.js';
import type { QemuExit } from './qemu.js';

/** Lines of the console that go with an error: a panic with its backtrace. */
const CONSOLE_LINES = 60;

/** Characters of stdout and of stderr that go with an error. */
const OUTPUT_CHARACTERS = 64 * 1024;

/** What the console says before a panic's reason (v6.1, https://github.com/torvalds/linux/blob/v6.1/kernel/panic.c). */
const PANIC = /Kernel panic - not syncing: (.*)/;

/** Makes an error of a run that carries what was printed so far. */
export function runError(code: ErrorCode, message: string, output: GuestOutput): EbpmError {
  return new EbpmError(code, message, {
    data: {
      stdout: output.stdout.text().slice(-OUTPUT_CHARACTERS),
      stderr: output.stderr.text().slice(-OUTPUT_CHARACTERS),
      console: consoleLines(output),
    },
  });
}

/** Says why QEMU ended before the command did: EBPM_LAB_KERNEL_PANIC, EBPM_LAB_GUEST_ENDED or EBPM_LAB_QEMU_FAILED. */
export function earlyEnd(exit: QemuExit, output: GuestOutput): EbpmError {
  const panic = PANIC.exec(output.console.text())?.[1]?.trim();
  if (panic !== undefined) {
    return runError('EBPM_LAB_KERNEL_PANIC', `Cannot go on: the guest's kernel panicked: ${panic}`, output);
  }
  if (exit.code === 0) {
    return runError('EBPM_LAB_GUEST_ENDED', 'Cannot finish the command: the guest switched itself off', output);
  }
  const words = output.qemu.text().trim();
  const reason = exit.error?.message ?? (words === '' ? `it was killed or ended with ${exit.code}` : words);
  return runError('EBPM_LAB_QEMU_FAILED', `Cannot run "qemu-system-x86_64": ${reason}`, output);
}

function consoleLines(output: GuestOutput): string[] {
  const lines = output.console.text().split(/\r*\n/);
  return lines.filter((line) => line !== '').slice(-CONSOLE_LINES);
}
