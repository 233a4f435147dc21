import type { WasmFunction } from '../engine.js';
import { clockCalls } from './calls/clocks.js';
import { descriptorCalls } from './calls/descriptors.js';
import { directoryCalls } from './calls/directories.js';
import { fileStateCalls } from './calls/file-state.js';
import { pathCalls } from './calls/paths.js';
import { pollCalls } from './calls/poll.js';
import { processCalls } from './calls/process.js';
import { readWriteCalls } from './calls/read-write.js';
import { socketCalls } from './calls/sockets.js';
import { stringCalls } from './calls/strings.js';
import { OpenFiles } from './open-files.js';
import { errnoOf } from './wasi-error.js';
import type { WasiHost } from './wasi-host.js';

/** What the calls of one guest work with. */
export interface Wasi {
  readonly host: WasiHost;
  readonly files: OpenFiles;
}

/** Returns what the guest gets, nothing for success, or throws what errnoOf knows. */
export type WasiCall = (...args: never[]) => void;

/**
 * The functions of the module `wasi_snapshot_preview1`, for one guest.
 *
 * @param files its descriptors, at first the streams and folders that it is given
 * @see https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md
 */
export function wasiImports(
  host: WasiHost,
  files = new OpenFiles(host.preopens),
): Readonly<Record<string, WasmFunction>> {
  const wasi: Wasi = { host, files };
  const calls: Readonly<Record<string, WasiCall>> = {
    ...stringCalls(wasi),
    ...clockCalls(wasi),
    ...descriptorCalls(wasi),
    ...readWriteCalls(wasi),
    ...fileStateCalls(wasi),
    ...directoryCalls(wasi),
    ...pathCalls(wasi),
    ...pollCalls(wasi),
    ...processCalls(wasi),
    ...socketCalls(wasi),
  };
  return Object.fromEntries(Object.entries(calls).map(([name, call]) => [name, withErrno(call)]));
}

/** GuestFault, GuestExit and slips of our own go on to the caller. */
function withErrno(call: WasiCall): WasmFunction {
  return (...args) => {
    try {
      call(...args);
      return 0;
    } catch (error) {
      return errnoOf(error);
    }
  };
}
