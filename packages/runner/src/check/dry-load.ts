import { EbpmError } from '@ebpm/formats';
import { minimalKernelBtf } from '@ebpm/loader';
import type { RunnablePackage } from '../runnable-package.js';
import { type Loaded, loadObject } from '../session/load-object.js';
import { programSettings } from '../session/program-settings.js';
import type { Finding } from './finding.js';

const ABOUT = { code: 'load', subject: 'load' } as const;

/** How a package is loaded without being run. */
export interface DryLoadOptions {
  /** What stands for the kernel's own types, as `chooseKernelBtf` gives it. */
  readonly kernelBtf?: Uint8Array | string | undefined;
  /** Called while all of it is in the kernel. */
  readonly onLoaded?: (() => void) | undefined;
}

/**
 * Loads a package as a run does, with the verifier, and closes it: nothing is attached, so that none of its programs runs.
 * @throws what `onLoaded` throws
 */
export function dryLoad(pkg: RunnablePackage, { kernelBtf, onLoaded }: DryLoadOptions = {}): readonly Finding[] {
  const pinned = pkg.object.maps.find(({ pinning }) => pinning !== 0);
  if (pinned !== undefined) {
    const reason = `map "${pinned.name}" is pinned when it is loaded, which would stay behind`;
    return [{ ...ABOUT, outcome: 'unknown', certainty: 'not checked', reason }];
  }
  const taken = loadOrFinding(pkg, kernelBtf);
  if ('outcome' in taken) return [taken];
  try {
    onLoaded?.();
  } finally {
    taken.loaded.close();
  }
  const reason = 'the verifier took the programs; nothing was attached';
  return [
    { ...ABOUT, outcome: 'ok', certainty: 'proved', reason },
    ...taken.skipped.map((one) => refused(one.reason, one.name)),
  ];
}

function loadOrFinding(pkg: RunnablePackage, kernelBtf: Uint8Array | string | undefined): Loaded | Finding {
  try {
    const btf = kernelBtf ?? minimalKernelBtf(pkg.object);
    return loadObject(pkg, { values: [], settings: programSettings(pkg), bestEffort: false, btf });
  } catch (error) {
    if (!(error instanceof EbpmError)) throw error;
    return ofError(error);
  }
}

function ofError({ code, message, hint, data }: EbpmError): Finding {
  const cure = hint === undefined ? {} : { cure: hint };
  if (code === 'EBPM_NOT_PERMITTED') {
    return { ...ABOUT, outcome: 'unknown', certainty: 'not checked', reason: message, ...cure };
  }
  const program = data?.['program'];
  const log = data?.['log'];
  return {
    ...refused(message, typeof program === 'string' ? program : undefined),
    ...(Array.isArray(log) && log.length > 0 && { log: log.map(String) }),
    ...cure,
  };
}

function refused(reason: string, program: string | undefined): Finding {
  const about = program === undefined ? {} : { program };
  return { ...ABOUT, ...about, outcome: 'missing', certainty: 'proved', reason };
}
