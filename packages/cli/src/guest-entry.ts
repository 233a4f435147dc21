// Started by `startGuest` as the process of a WASM guest. What it needs of files is loaded when this begins: the first thing that it does is to
// give up every right to more.
import type { PrinterOptions } from '@ebpm/events';
import { GuestPrograms } from '@ebpm/runner';
import { type GuestProcess, runGuest } from '@ebpm/wasm/guest';
import { createContext } from './context.js';
import { GUEST_CHANNEL } from './guest-command.js';
import type { OutputRequest } from './output-request.js';
import { printerOptions } from './printer-options.js';

// The broker's signals are not the guest's: it is told to end over its channel.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
const context = createContext(process.env);
const identity: GuestProcess['identity'] | null = JSON.parse(process.argv[2] ?? 'null');
runGuest({
  channel: GUEST_CHANNEL,
  identity: identity ?? undefined,
  printing: (output) => {
    const { kind, ...request } = output as OutputRequest;
    const printing: PrinterOptions = printerOptions(context, { kind, ...request });
    return { kind: kind === 'folded' ? 'table' : kind, printing };
  },
  ewasm: (parts) => new GuestPrograms(parts),
});
// Nothing that a guest has left behind keeps its process.
process.exit(0);
