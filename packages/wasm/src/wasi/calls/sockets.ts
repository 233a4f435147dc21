import { WasiError } from '../wasi-error.js';
import type { Wasi, WasiCall } from '../wasi-imports.js';

/** A guest has no sockets, and no call of preview 1 makes one. */
export function socketCalls({ files }: Wasi): Readonly<Record<string, WasiCall>> {
  const noSocket = (fd: number) => {
    files.get(fd);
    throw new WasiError('ENOTSOCK');
  };
  return { sock_accept: noSocket, sock_recv: noSocket, sock_send: noSocket, sock_shutdown: noSocket };
}
