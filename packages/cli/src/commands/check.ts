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
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../base-command.js';
import { parseEventType } from '../event-type.js';
import { eventTypeFlag } from '../event-type-flag.js';
import { type CheckedKernel, formatCheck, formatKernels } from '../format-check.js';
import { kernelsToCheck } from '../kernels-to-check.js';
import { readPackageInput } from '../package-source.js';

/** What `ebpm check --json` prints. */
interface CheckOutput extends CheckResult {
  /** Where other kernels were asked for. */
  readonly kernels?: readonly CheckedKernel[];
}

/** `ebpm check SPEC`: says whether a package runs here, or on other kernels, before anything is loaded. */
export default class Check extends BaseCommand {
  static override summary = 'Say whether a package runs on this machine, or on other kernels';
  static override description =
    'Looks at privileges, kernel BTF, every CO-RE relocation, program and map types, and attach targets, without loading the package. With --kernel or --btf it answers for those kernels from their BTF alone. Exit code: 0 RUN, 3 DEGRADED, 4 WILL NOT RUN, 5 UNKNOWN; of several kernels, the worst.';
  static override examples = [
    '<%= config.bin %> check sigsnoop',
    '<%= config.bin %> check --json ./dist/package.json',
    '<%= config.bin %> check --kernel 6.1,6.12 --btf ./vmlinux-5.15.btf sigsnoop',
  ];
  static override args = {
    spec: Args.string({ description: 'an installed name, name@range, a file, a URL, or - for stdin', required: true }),
  };
  static override flags = {
    'event-type': eventTypeFlag,
    btf: Flags.string({
      helpValue: 'FILE',
      multiple: true,
      multipleNonGreedy: true,
      description:
        'answer for the kernel with this BTF (a copy of its /sys/kernel/btf/vmlinux); may stand several times',
    }),
    kernel: Flags.string({
      helpValue: 'VERSION',
      multiple: true,
      multipleNonGreedy: true,
      description: 'answer for these kernels of the lab (6.1, 6.12), which are booted once to read their BTF',
    }),
  };

  async run(): Promise<CheckOutput> {
    const { args, flags } = await this.parse(Check);
    const input = await readPackageInput(this.context, args.spec);
    const eventTypes = (flags['event-type'] ?? []).map(parseEventType);
    const pkg = openPackage(input.bytes, { ...input, eventTypes });
    const { kernel: versions = [], btf: files = [] } = flags;
    const kernels = await kernelsToCheck(this.context, { versions, files });
    const result = kernels.length === 0 ? this.#here(pkg) : elsewhere(pkg, kernels);
    process.exitCode = VERDICTS[result.verdict];
    if (!this.jsonEnabled()) {
      this.context.stdout.write(result.kernels === undefined ? formatCheck(result) : formatKernels(result.kernels));
    }
    return result;
  }

  #here(pkg: RunnablePackage): CheckOutput {
    const kernelBtf = chooseKernelBtf(pkg, { path: this.context.env['BTF_FILE_PATH'] });
    return checkPackage(pkg, thisHost(typeof kernelBtf === 'string' ? undefined : kernelBtf));
  }
}

function elsewhere(
  pkg: RunnablePackage,
  kernels: readonly { readonly name: string; readonly btf: Uint8Array }[],
): CheckOutput {
  const checked = kernels.map(({ name, btf }) => ({ name, ...checkPackage(pkg, hostOfBtf(btf)) }));
  return { verdict: worstVerdict(checked.map(({ verdict }) => verdict)), findings: [], kernels: checked };
}
