import { EbpmError } from '@ebpm/formats';
import { minimalKernelBtf } from '@ebpm/loader';
import type { RunnablePackage } from '../runnable-package.js';
import { loadObject } from '../session/load-object.js';
import { programSettings } from '../session/program-settings.js';
import type { Finding } from './finding.js';

const ABOUT = { code: 'load', subject: 'load' } as const;

/**
 * Loads a package as a run does, with the verifier, and closes it: nothing is attached, so that none of its programs runs.
 * @param kernelBtf what stands for the kernel's own types, as `chooseKernelBtf` gives it
 */
export function dryLoad(pkg: RunnablePackage, kernelBtf?: Uint8Array | string): readonly Finding[] {
  const pinned = pkg.object.maps.find(({ pinning }) => pinning !== 0);
  if (pinned !== undefined) {
    const reason = `map "${pinned.name}" is pinned when it is loaded, which would stay behind`;
    return [{ ...ABOUT, outcome: 'unknown', certainty: 'not checked', reason }];
  }
  try {
    const btf = kernelBtf ?? minimalKernelBtf(pkg.object);
    const { loaded, skipped } = loadObject(pkg, { values: [], settings: programSettings(pkg), bestEffort: false, btf });
    loaded.close();
    const reason = 'the verifier took the programs; nothing was attached';
    return [
      { ...ABOUT, outcome: 'ok', certainty: 'proved', reason },
      ...skipped.map((one) => refused(one.reason, one.name)),
    ];
  } catch (error) {
    if (!(error instanceof EbpmError)) throw error;
    return [ofError(error)];
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
