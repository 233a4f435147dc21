import { EbpmError } from '@ebpm/formats';
import { type Capability, missingForBpf } from './capabilities.js';

/** The error for a refusal that more privilege would cure, or that even root meets (lockdown, a container). */
export function notPermitted(
  action: string,
  held: ReadonlySet<Capability>,
  data: Readonly<Record<string, unknown>>,
  cause: unknown,
): EbpmError {
  const missing = missingForBpf(held);
  const reason =
    missing.length === 0
      ? 'the kernel refuses even a privileged process (lockdown, or a container without the right to use eBPF)'
      : `this process lacks ${missing.join(', ')}`;
  const hint =
    missing.length === 0
      ? 'run it on the host itself, or start the container with --privileged'
      : 'run it again with sudo';
  return new EbpmError('EBPM_NOT_PERMITTED', `${action}: ${reason}`, { cause, hint, data });
}
