import { EbpmError } from '@ebpm/formats';
import { engine } from '../engine.js';
import { GuestExit } from '../guest-exit.js';
import { GuestFault } from '../guest-fault.js';
import { GuestStop } from './guest-stop.js';
import type { GuestEnd } from './protocol.js';

/** How a guest has ended, by what it threw. What is none of these is a slip of ours, and is told as such. */
export function endingOf(error: unknown): Pick<GuestEnd, 'exitCode' | 'fault' | 'stopped'> {
  if (error instanceof GuestExit) return { exitCode: error.code };
  if (error instanceof GuestStop) return { stopped: error.reason };
  if (error instanceof GuestFault) return fault('EBPM_WASM_FAULT', `The guest ${error.message}`);
  if (error instanceof engine.RuntimeError)
    return fault('EBPM_WASM_TRAP', `The guest ran into a trap: ${error.message}`);
  if (error instanceof RangeError && /call stack/.test(error.message)) {
    return fault('EBPM_WASM_TRAP', 'The guest ran into a trap: it called itself too deeply');
  }
  if (error instanceof EbpmError) return fault(error.code, error.message, error.hint);
  return fault('EBPM_INTERNAL', error instanceof Error ? error.message : String(error));
}

function fault(code: string, message: string, hint?: string) {
  return { fault: { code, message, ...(hint !== undefined && { hint }) } };
}
