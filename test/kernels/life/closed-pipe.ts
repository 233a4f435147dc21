import { createSocket } from 'node:dgram';
import { Filters, IFNAME, TC_AGREED } from './filters.js';
import { kernelIds, startRun, until } from './processes.js';
import type { Request } from './request.js';

/** A run that filters an interface, ended by a reader of its output that goes away. It is not root any more: a helper removes its filters. */
export async function closedPipe({ programIds }: Request, { tc, tcMixed }: NonNullable<Request['lab']>) {
  const before = kernelIds(programIds);
  const filters = new Filters(tc);
  const { child, closed, text } = await startRun([TC_AGREED, '--json', '--target-ifname', IFNAME, tcMixed]);
  const attached = kernelIds(programIds).filter((id) => !before.includes(id));
  child.stdout?.destroy();
  // Packets, so that there is something to print.
  const socket = createSocket('udp4');
  const packets = setInterval(() => socket.send('x', 9, '127.0.0.1'), 100);
  const code = await closed;
  clearInterval(packets);
  socket.close();
  const gone = await until(() => kernelIds(programIds).every((id) => !attached.includes(id)));
  return { code, attached: attached.length, gone, areClean: filters.areClean(), stderr: text.stderr };
}
