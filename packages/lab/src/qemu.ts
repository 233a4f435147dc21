import { spawn } from 'node:child_process';
import { Socket } from 'node:net';
import type { Duplex, Readable } from 'node:stream';
import { findTools } from './host-tools.js';
import { GUEST_MEMORY_MIB } from './limits.js';

/** How QEMU ended. */
export interface QemuExit {
  readonly code: number | null;
  /** Why it could not be started. */
  readonly error?: Error;
}

/** A virtual machine that is running. */
export interface Qemu {
  readonly control: Duplex;
  readonly stdin: Duplex;
  readonly stdout: Duplex;
  readonly stderr: Duplex;
  /** The guest's serial console. */
  readonly console: Readable;
  /** What QEMU itself says. */
  readonly words: Readable;
  /** Settled when the process is gone; it never rejects. */
  readonly exited: Promise<QemuExit>;
  /** Switches the machine off and waits until the process is gone; safe to call twice. */
  close(): Promise<void>;
}

/** The user that QEMU becomes when we are root: "nobody" of Debian's base-passwd. A guest may run anything. */
const NOBODY = '65534';

/** The ports of the guest in the order of /dev/vport0p1 to p4, each with the descriptor that leads to it. */
const PORTS = [
  ['stdin', 3],
  ['stdout', 4],
  ['stderr', 5],
  ['control', 6],
] as const;
const INITRAMFS_FD = 7;
const IMAGE_FD = 8;

/**
 * Boots a kernel (an open bzImage) with a first file system (an open cpio archive) by software emulation, on one CPU.
 *
 * Everything comes and goes through inherited descriptors: no sockets in folders, no file names that could be swapped. The process
 * dies with this one, however that ends (PR_SET_PDEATHSIG, set by setpriv; with a worker thread when started from one), and does
 * not share its terminal's Ctrl-C.
 * @throws EBPM_LAB_TOOL_MISSING
 */
export async function startQemu(imageFd: number, initramfsFd: number): Promise<Qemu> {
  const tools = await findTools(['qemu-system-x86_64', 'setpriv']);
  const child = spawn(tools.setpriv, [...privileges(), tools['qemu-system-x86_64'], ...machine()], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe', initramfsFd, imageFd],
  });
  const exited = new Promise<QemuExit>((resolve) => {
    child.once('error', (error) => resolve({ code: null, error }));
    child.once('exit', (code) => resolve({ code }));
  });
  const port = (fd: number): Socket => {
    const socket = child.stdio[fd];
    if (!(socket instanceof Socket)) throw new TypeError(`descriptor ${fd} of a child is not a socket`);
    // Broken off means that QEMU is gone, and `exited` tells that better.
    return socket.on('error', () => {});
  };
  return {
    control: port(6),
    stdin: port(3),
    stdout: port(4),
    stderr: port(5),
    console: port(1),
    words: port(2),
    exited,
    async close() {
      child.kill('SIGKILL');
      await exited;
      for (const stream of child.stdio) stream?.destroy();
    },
  };
}

/** Options of setpriv(1): less than we have, and death when we die. */
function privileges(): string[] {
  const asNobody = process.getuid?.() === 0 ? ['--reuid', NOBODY, '--regid', NOBODY, '--clear-groups'] : [];
  return ['--pdeathsig', 'KILL', '--no-new-privs', ...asNobody];
}

function machine(): string[] {
  return [
    ...['-accel', 'tcg', '-cpu', 'max', '-smp', '1', '-m', String(GUEST_MEMORY_MIB)],
    ...['-nodefaults', '-no-user-config', '-no-reboot', '-display', 'none', '-monitor', 'none', '-serial', 'stdio'],
    ...['-sandbox', 'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny'],
    ...['-kernel', `/dev/fd/${IMAGE_FD}`, '-initrd', `/dev/fd/${INITRAMFS_FD}`],
    // panic=-1 restarts at once, which -no-reboot turns into an end; an oops counts as a panic, since nobody would see it.
    ...['-append', 'console=ttyS0 quiet panic=-1 oops=panic lsm=bpf'],
    ...['-device', 'virtio-serial-pci'],
    ...PORTS.flatMap(([name, fd]) => [
      ...['-chardev', `socket,id=${name},fd=${fd}`],
      ...['-device', `virtserialport,chardev=${name},name=${name}`],
    ]),
  ];
}
