import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { ebpm } from './in-process.js';
import { childrenOf, kernelIds, startRun, until } from './processes.js';
import type { Request } from './request.js';

const IFNAME = 'lo';

/** A run that filters an interface in both directions, with classic tc and, where there is tcx, with a link; it is killed with its helper. */
export async function killedWithFilters({ programIds, tc, tcMixed }: Request) {
  const before = kernelIds(programIds);
  const clean = filters(tc);
  const { child, closed, text } = await startRun(['--target-ifname', IFNAME, tcMixed]);
  const attached = kernelIds(programIds).filter((id) => !before.includes(id));
  const helpers = childrenOf(child.pid);
  for (const pid of [child.pid, ...helpers]) process.kill(pid, 'SIGKILL');
  const code = await closed;
  const programs = filterCount(tc);
  // What has a link goes by itself; what has a filter stays.
  const linksGone = await until(() => kernelIds(programIds).filter((id) => attached.includes(id)).length === programs);
  const next = await ebpm(['ps']);
  const gone = await until(() => kernelIds(programIds).every((id) => !attached.includes(id)));
  return {
    code,
    helpers: helpers.length,
    programs,
    linksGone,
    next,
    gone,
    clean: filters(tc) === clean,
    stderr: text.stderr,
  };
}

/** The same, ended by a reader of its output that goes away; its rights are given up, so a helper removes the filter. */
export async function closedPipe({ programIds, tc, tcMixed }: Request) {
  const before = kernelIds(programIds);
  const clean = filters(tc);
  const { child, closed, text } = await startRun(['--json', '--target-ifname', IFNAME, tcMixed]);
  const attached = kernelIds(programIds).filter((id) => !before.includes(id));
  child.stdout?.destroy();
  // Packets, so that there is something to print.
  const socket = createSocket('udp4');
  const packets = setInterval(() => socket.send('x', 9, '127.0.0.1'), 100);
  const code = await closed;
  clearInterval(packets);
  socket.close();
  const gone = await until(() => kernelIds(programIds).every((id) => !attached.includes(id)));
  return { code, attached: attached.length, gone, clean: filters(tc) === clean, stderr: text.stderr };
}

function filters(tc: string): string {
  const commands = `qdisc show dev ${IFNAME}\nfilter show dev ${IFNAME} ingress\nfilter show dev ${IFNAME} egress\n`;
  return execFileSync(tc, ['-force', '-batch', '-'], { input: commands, encoding: 'utf8' });
}

function filterCount(tc: string): number {
  return filters(tc).match(/ direct-action /g)?.length ?? 0;
}
