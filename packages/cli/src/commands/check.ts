import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../base-command.js';
import { type CheckOutput, checkSpec } from '../check-spec.js';
import { parseAllow } from '../consent/allow.js';
import { allowFlag } from '../consent/allow-flag.js';
import { entryFlag } from '../entry-flag.js';
import { eventTypeFlag } from '../event-type-flag.js';
import { formatCheck, formatKernels } from '../format-check.js';
import { contextWith, offlineFlag } from '../offline-flag.js';

/** `ebpm check SPEC`: says whether a package runs here, or on other kernels, before anything is loaded. */
export default class Check extends BaseCommand {
  static override summary = 'Say whether a package runs on this machine, or on other kernels';
  static override description =
    'Looks at privileges, kernel BTF, every CO-RE relocation, program and map types, and attach targets, without loading the package. One that is not installed is downloaded and checked as install does it, or ci where ebpm.lock here names it, and not installed. With --kernel or --btf it answers for those kernels from their BTF alone. Exit code: 0 RUN, 3 DEGRADED, 4 WILL NOT RUN, 5 UNKNOWN; of several kernels, the worst.';
  static override examples = [
    '<%= config.bin %> check sigsnoop',
    '<%= config.bin %> check --json ./dist/package.json',
    'sudo <%= config.bin %> check --load sigsnoop',
    '<%= config.bin %> check --kernel 6.1,6.12 --btf ./vmlinux-5.15.btf sigsnoop',
  ];
  static override args = {
    spec: Args.string({ description: 'a name, name@range, name@tag, a file, a URL, or - for stdin', required: true }),
  };
  static override flags = {
    entry: entryFlag,
    'event-type': eventTypeFlag,
    offline: offlineFlag,
    load: Flags.boolean({
      description:
        'load it, too, so that the verifier is asked, and close it again: nothing is attached, no program of it runs',
    }),
    allow: allowFlag('with --load: agree to what the package may do, by class, for this load alone'),
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
    const { entry, 'event-type': eventTypes, kernel: versions, btf: files, load, allow = [] } = flags;
    const result = await checkSpec(contextWith(this.context, flags), {
      spec: args.spec,
      entry,
      eventTypes,
      versions,
      files,
      load,
      allow: allow.flatMap(parseAllow),
    });
    if (!this.jsonEnabled()) {
      this.context.stdout.write(result.kernels === undefined ? formatCheck(result) : formatKernels(result.kernels));
    }
    return result;
  }
}
