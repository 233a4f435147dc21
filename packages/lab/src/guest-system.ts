import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { EbpmError } from '@ebpm/formats';
import { GUEST_INIT, GUEST_LAB } from './guest-init.js';
import { type GuestTree, type HostFile, putEntry, putText } from './guest-tree.js';
import { findTools } from './host-tools.js';
import { libraryClosure, readLdconfig } from './library-closure.js';
import type { PreparedKernel } from './prepare-kernel.js';
import { runTool } from './run-tool.js';

/** Where init mounts, and what programs expect. */
const FOLDERS = ['/', '/dev', '/proc', '/sys', '/run', '/root', '/var/tmp'];

const TEXTS = {
  '/init': GUEST_INIT,
  '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n',
  '/etc/group': 'root:x:0:\nnogroup:x:65534:\n',
  '/etc/hosts': '127.0.0.1 localhost lab\n::1 localhost\n',
} as const;

/** What a guest's system is made for. */
export interface GuestSystemOptions {
  readonly kernel: PreparedKernel;
  /** Files whose libraries are wanted, too. */
  readonly needy: readonly (Uint8Array | HostFile)[];
  /** Whether there is a node. */
  readonly node: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Lists the system that every guest has: busybox as shell and all small programs, node (the one that runs this) unless it is not
 * wanted, bpftool, and the libraries that these and `needy` need; the kernel's configuration and the modules that init loads.
 * @throws EBPM_LAB_TOOL_MISSING, EBPM_LAB_FILE_UNREADABLE
 */
export async function guestSystem({ kernel, needy, node, signal }: GuestSystemOptions): Promise<GuestTree> {
  const tools = await findTools(['busybox', 'bpftool', 'ldconfig']);
  const programs: (readonly [string, HostFile])[] = [
    ['/bin/busybox', await hostFile(tools.busybox)],
    ['/usr/sbin/bpftool', await hostFile(tools.bpftool)],
  ];
  if (node) programs.push(['/usr/bin/node', await hostFile(process.execPath)]);
  const system = readLdconfig(await runTool(tools.ldconfig, ['-p'], { signal }));
  const libraries = await libraryClosure([...programs.map(([, file]) => file), ...needy], system);
  const applets = await runTool(tools.busybox, ['--list-full'], { signal });

  const tree: GuestTree = new Map();
  for (const path of FOLDERS) putEntry(tree, path, { kind: 'directory', mode: 0o755 });
  putEntry(tree, '/tmp', { kind: 'directory', mode: 0o1777 });
  for (const applet of applets.trim().split('\n'))
    putEntry(tree, `/${applet}`, { kind: 'link', target: '/bin/busybox' });
  for (const [path, content] of [...programs, ...libraries])
    putEntry(tree, path, { kind: 'file', mode: 0o755, content });
  for (const [path, text] of Object.entries(TEXTS)) putText(tree, path, text);
  const config = await hostFile(kernel.configPath);
  putEntry(tree, `/boot/config-${kernel.release}`, { kind: 'file', mode: 0o644, content: config });
  for (const [index, path] of kernel.modulePaths.entries()) {
    const name = `${String(index).padStart(2, '0')}-${basename(path)}`;
    putEntry(tree, join(GUEST_LAB.modules, name), { kind: 'file', mode: 0o644, content: await hostFile(path) });
  }
  return tree;
}

async function hostFile(hostPath: string): Promise<HostFile> {
  const found = await stat(hostPath).catch((cause) => {
    throw new EbpmError(
      'EBPM_LAB_FILE_UNREADABLE',
      `Cannot put ${JSON.stringify(hostPath)} into the guest: it is gone`,
      { cause },
    );
  });
  return { hostPath, sizeBytes: found.size };
}
