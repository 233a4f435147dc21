import { join } from 'node:path';
import { type KernelVersion, type LabProgress, runInLab } from '@ebpm/lab';
import type { Context } from './context.js';
import { GUEST_COMMAND, GUEST_ENV, guestFiles, thisBundle } from './guest-files.js';
import type { RunRequest } from './run-here.js';
import { runInterruptibly } from './run-interruptibly.js';

const GUEST_PACKAGE = '/tmp/package.json';

/**
 * Runs a package in a throwaway kernel: this same command line, there. Needs no root and leaves nothing behind. Gives
 * the exit code.
 */
export async function runInKernel(context: Context, kernel: KernelVersion, request: RunRequest): Promise<number> {
  return runInterruptibly(async (interrupt) => {
    const { exitCode } = await runInLab({
      kernel,
      cacheDir: join(context.cacheFolder, 'lab'),
      command: [...GUEST_COMMAND, 'run', ...ownFlags(request), GUEST_PACKAGE, '--', ...request.programArgs],
      env: GUEST_ENV,
      files: { ...guestFiles(thisBundle()), [GUEST_PACKAGE]: request.bytes },
      onStdout: (chunk) => void context.stdout.write(chunk),
      onStderr: (chunk) => void context.stderr.write(chunk),
      onProgress: (progress) => void context.stderr.write(progressLine(progress)),
      interrupt,
    });
    return exitCode;
  });
}

function ownFlags({ json, durationMs, maxEvents, perCpu }: RunRequest): readonly string[] {
  return [
    ...(json ? ['--json'] : []),
    ...(durationMs === undefined ? [] : ['--duration', `${durationMs}ms`]),
    ...(perCpu === 'sum' ? [] : ['--per-cpu', perCpu]),
    ...(maxEvents === undefined ? [] : ['--max-events', String(maxEvents)]),
  ];
}

function progressLine(progress: LabProgress): string {
  switch (progress.phase) {
    case 'fetching':
      return `Fetching Linux ${progress.kernel} (${progress.package})\n`;
    case 'booting':
      return `Booting Linux ${progress.kernel}\n`;
    default:
      return '';
  }
}
