import type { KernelVersion } from './kernels.js';

/** What the lab is doing, for those who show it. */
export type LabProgress =
  /** The kernel is not in the cache: it is fetched, by this process or by another one that is waited for. */
  | { readonly phase: 'preparing'; readonly kernel: KernelVersion }
  /** apt downloads this Debian package. */
  | { readonly phase: 'fetching'; readonly kernel: KernelVersion; readonly package: string }
  /** The package is unpacked into the cache. */
  | { readonly phase: 'unpacking'; readonly kernel: KernelVersion; readonly package: string }
  /** The virtual machine was switched on. */
  | { readonly phase: 'booting'; readonly kernel: KernelVersion }
  /** The command starts; `bootMs` is the time since power-on. */
  | { readonly phase: 'running'; readonly kernel: KernelVersion; readonly bootMs: number }
  /** The command has ended; `commandMs` is the time since it started. */
  | { readonly phase: 'ended'; readonly kernel: KernelVersion; readonly exitCode: number; readonly commandMs: number };
