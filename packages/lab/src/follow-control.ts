import type { Duplex } from 'node:stream';
import { brokenControl, type ControlMessage, createControlParser } from './control-protocol.js';
import { pieces } from './guest-output.js';
import type { LabOptions } from './lab-options.js';

/** What the control channel tells about a command. */
export interface ControlOutcome {
  readonly exitCode: number;
  /** The result files that were there, by guest path. */
  readonly results: Readonly<Record<string, Uint8Array>>;
}

/** What is wanted of the run, and who is told when the command starts. */
export type ControlOptions = Pick<LabOptions, 'kernel' | 'results' | 'interrupt' | 'onProgress'> & {
  readonly onReady: () => void;
};

/**
 * Follows a guest's control channel from power-on to its end, and passes the caller's interrupt on. Gives undefined when the channel
 * breaks off.
 * @throws EBPM_LAB_PROTOCOL
 */
export async function followControl(control: Duplex, options: ControlOptions): Promise<ControlOutcome | undefined> {
  const { kernel, interrupt, onProgress } = options;
  const parser = createControlParser();
  const results: Record<string, Uint8Array> = {};
  let exitCode: number | undefined;
  let since = performance.now();

  const sendInterrupt = (): void => void control.write('signal INT\n');
  const take = (message: ControlMessage): void => {
    const elapsedMs = Math.round(performance.now() - since);
    if (message.kind === 'ready') {
      since = performance.now();
      options.onReady();
      onProgress?.({ phase: 'running', kernel, bootMs: elapsedMs });
      if (interrupt?.aborted) sendInterrupt();
      else interrupt?.addEventListener('abort', sendInterrupt, { once: true });
    } else if (message.kind === 'exit') {
      exitCode = message.code;
      onProgress?.({ phase: 'ended', kernel, exitCode, commandMs: elapsedMs });
    } else if (message.kind === 'result') {
      results[resultPath(options, message.index)] = message.bytes;
    }
  };

  onProgress?.({ phase: 'booting', kernel });
  try {
    for await (const piece of pieces(control)) {
      for (const message of parser.push(piece)) {
        take(message);
        if (message.kind === 'end') return { exitCode: known(exitCode), results };
      }
    }
    return undefined;
  } finally {
    interrupt?.removeEventListener('abort', sendInterrupt);
  }
}

function resultPath({ results = [] }: ControlOptions, index: number): string {
  const path = results[index];
  if (path === undefined) throw brokenControl(`a result number ${index}, but ${results.length} were asked for`);
  return path;
}

function known(exitCode: number | undefined): number {
  if (exitCode === undefined) throw brokenControl('an end without an exit code');
  return exitCode;
}
