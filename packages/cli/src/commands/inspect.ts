import { printable } from '@ebpm/events';
import { sniffPackage } from '@ebpm/formats';
import { asksOf, type Evidence, judge, moduleProblem, PERMISSION_CLASSES, PERMISSIONS_VERSION } from '@ebpm/object';
import type { CliInspect } from '@ebpm/schemas';
import { Args } from '@oclif/core';
import { BaseCommand } from '../base-command.js';
import { entryFlag } from '../entry-flag.js';
import { formatPermissions } from '../format-permissions.js';
import { inputFacts } from '../input-facts.js';
import { contextWith, offlineFlag } from '../offline-flag.js';
import { readPackageInput } from '../package-source.js';
import { formatSubject, subjectOf } from '../subject.js';
import { inspectedTools } from '../tools/inspected-tools.js';
import { wasiAsked } from '../wasm/wasi-asked.js';

/** `ebpm inspect SPEC`: says what a package may see and do, from the bytes of its programs. */
export default class Inspect extends BaseCommand {
  static override summary = 'Say what a package may see and do';
  static override description =
    'Reads the programs of a package, whatever its author says of it, and loads nothing. It is a summary for people, no sandbox. A range or a tag stands for what the registry has now, without a network for what is installed; a bare name is what ebpm.lock here names, else what is installed. What is not installed is downloaded and checked as install does it, or ci where ebpm.lock names it, and not installed. The first line says what was looked at.';
  static override examples = [
    '<%= config.bin %> inspect sigsnoop',
    '<%= config.bin %> inspect --json ./dist/package.json',
  ];
  static override args = {
    spec: Args.string({ description: 'a name, name@range, name@tag, a file, a URL, or - for stdin', required: true }),
  };

  static override flags = { entry: entryFlag, offline: offlineFlag };

  async run(): Promise<CliInspect> {
    const { args, flags } = await this.parse(Inspect);
    const context = contextWith(this.context, flags);
    const input = await readPackageInput(context, args.spec, {
      lookedUp: 'tags-and-ranges',
      entry: flags.entry,
      missing: 'look',
    });
    const facts = inputFacts(input);
    const wasi = await wasiAsked(this.context, input);
    const tools = await inspectedTools(context, input);
    const refused = refusalOf(input.bytes);
    const { permissions, unclassified } = judge(facts);
    const inspected = subjectOf(args.spec, input);
    if (!this.jsonEnabled()) {
      const found = formatPermissions(facts, { permissions, unclassified }, { refused, wasi, ...tools });
      this.context.stdout.write(`${printable(formatSubject(inspected))}\n\n${found}`);
    }
    return {
      spec: args.spec,
      inspected,
      permissionsVersion: PERMISSIONS_VERSION,
      permissions: permissions.map((one) => ({
        class: one.class,
        meaning: PERMISSION_CLASSES[one.class],
        evidence: one.evidence.map(evidenceJson),
      })),
      unclassified: unclassified.map(evidenceJson),
      asks: asksOf(facts, { permissions, unclassified }).map(({ class: name, consent, targets }) => ({
        class: name,
        consent,
        targets: [...targets],
      })),
      ...(refused === undefined ? {} : { refused }),
      ...(wasi === undefined ? {} : { wasi }),
      ...tools,
      facts: { ...facts },
    };
  }
}

/** Why `ebpm run` does not run it, where its module already says so. */
function refusalOf(bytes: Uint8Array): CliInspect['refused'] {
  const problem = sniffPackage(bytes) === 'wasm' ? moduleProblem(bytes) : undefined;
  return problem && { code: 'EBPM_WASM_INVALID', reason: problem.reason };
}

function evidenceJson(evidence: Evidence) {
  return { ...evidence, behind: [...(evidence.behind ?? [])] };
}
