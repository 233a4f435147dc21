import { EbpmError } from '@ebpm/formats';
import type { FeatureAnswer, KernelFeature } from './program-types/kernel-features.js';

/** The error for what this kernel lacks. `data` has `feature`, `minimumKernel` and `probe`, which says how it is known. */
export function notSupported(
  action: string,
  feature: Pick<KernelFeature, 'name' | 'minimumKernel'>,
  { proof }: FeatureAnswer,
  cause?: unknown,
): EbpmError {
  const message = `${action}: not supported by this kernel: ${feature.name} needs Linux ${feature.minimumKernel} or newer (${proof})`;
  return new EbpmError('EBPM_NOT_SUPPORTED', message, {
    cause,
    hint: 'use a kernel that has it, or run what can run with --best-effort',
    data: { feature: feature.name, minimumKernel: feature.minimumKernel, probe: proof },
  });
}
