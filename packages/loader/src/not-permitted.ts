import { EbpmError } from '@ebpm/formats';
import { type Capability, capAddFlags, missingOf } from './capabilities.js';

/** What was refused, and to whom. */
export interface Refusal {
  /** What could not be done, the start of the message. */
  readonly action: string;
  readonly needed: readonly Capability[];
  readonly held: ReadonlySet<Capability>;
  readonly data: Readonly<Record<string, unknown>>;
  readonly cause: unknown;
}

/** The error for a refusal that more privilege would cure, or that even root meets (lockdown, a container). */
export function notPermitted({ action, needed, held, data, cause }: Refusal): EbpmError {
  const missing = missingOf(needed, held);
  if (missing.length === 0) {
    const reason =
      'the kernel refuses even a privileged process (lockdown, or a container without the right to use eBPF)';
    return new EbpmError('EBPM_NOT_PERMITTED', `${action}: ${reason}`, {
      cause,
      hint: 'run it on the host itself, or start the container with --privileged',
      data,
    });
  }
  return new EbpmError('EBPM_NOT_PERMITTED', `${action}: this process lacks ${missing.join(', ')}`, {
    cause,
    hint: `Run it again with sudo: sudo ebpm ...\nIn a container, start that with ${capAddFlags(missing)}`,
    data: { ...data, missingCapabilities: missing },
  });
}
