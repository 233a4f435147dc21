import { printable } from '@ebpm/events';
import {
  type CheckResult,
  checkPackage,
  chooseKernelBtf,
  type Finding,
  openPackage,
  thisHost,
  VERDICTS,
} from '@ebpm/runner';
import { Args } from '@oclif/core';
import { BaseCommand } from '../base-command.js';
import { parseEventType } from '../event-type.js';
import { eventTypeFlag } from '../event-type-flag.js';
import { readPackageInput } from '../package-source.js';

/** `ebpm check SPEC`: says whether a package runs here, before anything is loaded. */
export default class Check extends BaseCommand {
  static override summary = 'Say whether a package runs on this machine';
  static override description =
    'Looks at privileges, kernel BTF, program and map types, and attach targets, without loading the package. Exit code: 0 RUN, 3 DEGRADED, 4 WILL NOT RUN, 5 UNKNOWN.';
  static override examples = ['<%= config.bin %> check sigsnoop', '<%= config.bin %> check --json ./dist/package.json'];
  static override args = {
    spec: Args.string({ description: 'an installed name, name@range, a file, a URL, or - for stdin', required: true }),
  };
  static override flags = { 'event-type': eventTypeFlag };

  async run(): Promise<CheckResult> {
    const { args, flags } = await this.parse(Check);
    const input = await readPackageInput(this.context, args.spec);
    const eventTypes = (flags['event-type'] ?? []).map(parseEventType);
    const pkg = openPackage(input.bytes, { ...input, eventTypes });
    const kernelBtf = chooseKernelBtf(pkg, { path: this.context.env['BTF_FILE_PATH'] });
    const result = checkPackage(pkg, thisHost(typeof kernelBtf === 'string' ? undefined : kernelBtf));
    process.exitCode = VERDICTS[result.verdict];
    if (!this.jsonEnabled()) this.context.stdout.write(report(result));
    return result;
  }
}

const MARKS: Readonly<Record<Finding['outcome'], string>> = { ok: 'yes', missing: 'NO', unknown: '?' };

function report({ verdict, findings }: CheckResult): string {
  const width = Math.max(...findings.map(({ subject }) => subject.length));
  const rows = findings.flatMap(({ subject, outcome, certainty, reason, cure }) => [
    `${MARKS[outcome].padEnd(4)}${subject.padEnd(width)}  ${reason} (${certainty})`,
    ...(cure === undefined ? [] : [`    ${' '.repeat(width)}  ${cure}`]),
  ]);
  return [...rows, 'The verifier was not asked: only a load does that', verdict]
    .map((line) => `${printable(line)}\n`)
    .join('');
}
