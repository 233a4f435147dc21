import type { LentMap } from '@ebpm/loader';
import type { GuestKernel, GuestObject } from '../guest/guest-kernel.js';
import type { GuestSamples } from '../guest/guest-samples.js';
import type { EwasmKernel } from './ewasm-kernel.js';

/** What an `EwasmKernel` is made with. */
export interface EwasmKernelParts {
  readonly kernel: GuestKernel;
  /** @throws Refused, GuestStop */
  samples(object: GuestObject, map: LentMap): GuestSamples;
  /** @throws GuestStop when the guest is to end meanwhile */
  sleep(ms: number): void;
  /** Tells whoever runs the guest why something was refused. */
  tell(message: string): void;
}

/** Reading packages is somebody else's: who runs guests gives what makes kernels of these. */
export type MakeEwasmKernel = (parts: EwasmKernelParts) => EwasmKernel;
