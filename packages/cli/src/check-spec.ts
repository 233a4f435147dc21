import { join } from 'node:path';
import { EbpmError, sniffPackage } from '@ebpm/formats';
import type { ConsentClass } from '@ebpm/object';
import {
  type CheckResult,
  checkPackage,
  chooseKernelBtf,
  dryLoad,
  type Finding,
  hostOfBtf,
  KeptAnswers,
  thisHost,
  VERDICTS,
  verdictOf,
  worstVerdict,
} from '@ebpm/runner';
import { checkedParts } from './checked-parts.js';
import type { RunToAgreeTo } from './consent/agree-to-run.js';
import type { AgreedLoad } from './consent/agreed-load.js';
import type { Context } from './context.js';
import { parseEventType } from './event-type.js';
import type { CheckedKernel } from './format-check.js';
import { kernelsToCheck } from './kernels-to-check.js';
import { type PackageInput, readPackageInput } from './package-source.js';
import { refuseRevoked } from './run-revocations.js';
import type { CheckedPart, ToolsToCheck } from './tools/tools-to-check.js';
import { moduleFindings } from './wasm/module-findings.js';

/** What is checked, and for which kernels. */
export interface CheckRequest {
  readonly spec: string;
  /** Another entry of the package than the first for this machine. */
  readonly entry?: string | undefined;
  readonly eventTypes?: readonly string[] | undefined;
  /** Versions of the lab and paths of BTF files; without any, this machine. */
  readonly versions?: readonly string[] | undefined;
  readonly files?: readonly string[] | undefined;
  /** Whether it is loaded, too, and closed again. Default: false. */
  readonly load?: boolean;
  /** What `--allow` agrees to be loaded. */
  readonly allow?: readonly ConsentClass[] | undefined;
}

/** What `ebpm check --json` prints. */
export interface CheckOutput extends CheckResult {
  /** Where other kernels were asked for. */
  readonly kernels?: readonly CheckedKernel[];
}

/** Checks a package here, or for other kernels, and sets the exit code. */
export async function checkSpec(context: Context, request: CheckRequest): Promise<CheckOutput> {
  const { spec, entry, eventTypes = [], versions = [], files = [], load = false, allow = [] } = request;
  if (load && versions.length + files.length > 0) throw loadedElsewhere();
  if (!load && allow.length > 0) throw allowedForNothing();
  const input = await readPackageInput(context, spec, { entry, missing: 'look' });
  // What would not be run is not said to run.
  if (input.installed !== undefined) await refuseRevoked(context, input.installed);
  const { packages, judged } = checkedParts(input, eventTypes.map(parseEventType));
  const tools = await toolsToCheck(context, input);
  const found = [...moduleFindings(input), ...tools.findings];
  if (packages.length + tools.parts.length + found.length === 0) throw nothingToCheck(input.source);
  const kernels = await kernelsToCheck(context, { versions, files });
  const loading = load ? await agreeToLoad(context, { spec, input, pkg: judged(), allow }) : undefined;
  const parts = [...packages.map((pkg) => ({ pkg })), ...tools.parts];
  const result = kernels.length === 0 ? here(context, parts, loading, found) : elsewhere(parts, kernels, found);
  process.exitCode = VERDICTS[result.verdict];
  return result;
}

/** Loaded only where it is needed: most checks load nothing, and ask nobody. */
async function agreeToLoad(context: Context, toLoad: RunToAgreeTo): Promise<AgreedLoad> {
  const { agreedLoad } = await import('./consent/agreed-load.js');
  return agreedLoad(context, toLoad);
}

/** Loaded only where it is needed: most packages start nothing. */
async function toolsToCheck(context: Context, input: PackageInput): Promise<ToolsToCheck> {
  if (sniffPackage(input.bytes) !== 'wasm') return { parts: [], findings: [] };
  const { toolsToCheck } = await import('./tools/tools-to-check.js');
  return toolsToCheck(context, input);
}

/** Tools are not loaded with what starts them. */
function here(
  context: Context,
  parts: readonly CheckedPart[],
  loading: AgreedLoad | undefined,
  found: readonly Finding[],
): CheckOutput {
  const answers = new KeptAnswers(answersFolder(context));
  const results = parts.map(({ pkg, tool }) => {
    const kernelBtf = chooseKernelBtf(pkg, { path: context.env['BTF_FILE_PATH'] });
    const btf = typeof kernelBtf === 'string' ? undefined : kernelBtf;
    const isLoaded = loading !== undefined && tool === undefined;
    const ofLoad = isLoaded ? dryLoad(pkg, { kernelBtf, onLoaded: loading.loaded }) : [];
    return ofTool(checkPackage(pkg, thisHost({ btf, answers }), ofLoad), tool);
  });
  answers.keep();
  return together([...results, withoutKernel(found)]);
}

/** What no kernel has a part in. */
function withoutKernel(findings: readonly Finding[]): CheckResult {
  return { verdict: verdictOf(findings, { all: [], optional: new Set() }), findings };
}

/** Says of which tool findings are. */
function ofTool(result: CheckResult, tool: string | undefined): CheckResult {
  if (tool === undefined) return result;
  return { ...result, findings: result.findings.map((one) => ({ ...one, subject: `${tool}: ${one.subject}` })) };
}

/** A module runs where all of its objects, and of its tools', do. */
function together(results: readonly CheckResult[]): CheckResult {
  return {
    verdict: worstVerdict(results.map(({ verdict }) => verdict)),
    findings: results.flatMap(({ findings }) => findings),
  };
}

function nothingToCheck(source: string): EbpmError {
  return new EbpmError('EBPM_OBJECT_MISSING', `Cannot check "${source}": no eBPF object was found in the WASM module`, {
    hint: 'A module that makes its objects only when it runs is refused then: nobody could agree to them before',
  });
}

function loadedElsewhere(): EbpmError {
  const message = 'Cannot load into another kernel: --load is for this machine, --kernel and --btf are for others';
  return new EbpmError('EBPM_USAGE_INVALID', message, { hint: 'Leave out one or the other' });
}

function allowedForNothing(): EbpmError {
  const message = 'Cannot agree to a check: without --load nothing is loaded';
  return new EbpmError('EBPM_USAGE_INVALID', message, { hint: 'Leave out --allow, or add --load' });
}

/** Where answers of the kernel are kept: root's where no reboot leaves them, another user's among what can be made again. */
function answersFolder({ cacheFolder }: Context): string {
  return process.geteuid?.() === 0 ? '/run/ebpm/check' : join(cacheFolder, 'check');
}

function elsewhere(
  parts: readonly CheckedPart[],
  kernels: readonly { readonly name: string; readonly btf: Uint8Array }[],
  found: readonly Finding[],
): CheckOutput {
  const checked = kernels.map(({ name, btf }) => {
    const host = hostOfBtf(btf);
    const results = parts.map(({ pkg, tool }) => ofTool(checkPackage(pkg, host), tool));
    return { name, ...together([...results, withoutKernel(found)]) };
  });
  return { verdict: worstVerdict(checked.map(({ verdict }) => verdict)), findings: [], kernels: checked };
}
