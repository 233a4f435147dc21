import {
  type CheckResult,
  checkPackage,
  chooseKernelBtf,
  hostOfBtf,
  openPackage,
  type RunnablePackage,
  thisHost,
  VERDICTS,
  worstVerdict,
} from '@ebpm/runner';
import type { Context } from './context.js';
import { parseEventType } from './event-type.js';
import type { CheckedKernel } from './format-check.js';
import { kernelsToCheck } from './kernels-to-check.js';
import { readPackageInput } from './package-source.js';

/** What is checked, and for which kernels. */
export interface CheckRequest {
  readonly spec: string;
  readonly eventTypes?: readonly string[] | undefined;
  /** Versions of the lab and paths of BTF files; without any, this machine. */
  readonly versions?: readonly string[] | undefined;
  readonly files?: readonly string[] | undefined;
}

/** What `ebpm check --json` prints. */
export interface CheckOutput extends CheckResult {
  /** Where other kernels were asked for. */
  readonly kernels?: readonly CheckedKernel[];
}

/** Checks a package here, or for other kernels, and sets the exit code. */
export async function checkSpec(context: Context, request: CheckRequest): Promise<CheckOutput> {
  const { spec, eventTypes = [], versions = [], files = [] } = request;
  const input = await readPackageInput(context, spec);
  const pkg = openPackage(input.bytes, { ...input, eventTypes: eventTypes.map(parseEventType) });
  const kernels = await kernelsToCheck(context, { versions, files });
  const result = kernels.length === 0 ? here(context, pkg) : elsewhere(pkg, kernels);
  process.exitCode = VERDICTS[result.verdict];
  return result;
}

function here({ env }: Context, pkg: RunnablePackage): CheckOutput {
  const kernelBtf = chooseKernelBtf(pkg, { path: env['BTF_FILE_PATH'] });
  return checkPackage(pkg, thisHost(typeof kernelBtf === 'string' ? undefined : kernelBtf));
}

function elsewhere(
  pkg: RunnablePackage,
  kernels: readonly { readonly name: string; readonly btf: Uint8Array }[],
): CheckOutput {
  const checked = kernels.map(({ name, btf }) => ({ name, ...checkPackage(pkg, hostOfBtf(btf)) }));
  return { verdict: worstVerdict(checked.map(({ verdict }) => verdict)), findings: [], kernels: checked };
}
