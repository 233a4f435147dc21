export type { EwasmKernel } from '../ewasm/ewasm-kernel.js';
export type { EwasmKernelParts, MakeEwasmKernel } from '../ewasm/ewasm-kernel-parts.js';
export { GuestExit } from '../guest-exit.js';
export { GuestFault } from '../guest-fault.js';
export { GuestMemory } from '../guest-memory.js';
export { BrokerLink } from './broker-link.js';
export { GuestKernel, type GuestObject, Refused } from './guest-kernel.js';
export { type GuestProcess, runGuest } from './run-guest.js';
