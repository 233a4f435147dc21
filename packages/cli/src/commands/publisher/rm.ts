import { parsePackageName } from '@ebpm/formats';
import type { CliRegistryChange } from '@ebpm/schemas';
import { Args } from '@oclif/core';
import { publisherIdArg } from '../../id-args.js';
import { RegistryCommand } from '../../registry-command.js';

/** `ebpm publisher rm NAME ID`. */
export default class PublisherRm extends RegistryCommand {
  static override summary = 'Let jobs of a CI service publish a package no more';
  static override description = 'Takes the id that "publisher ls" shows. Tokens that such jobs have got end at once.';
  static override examples = ['<%= config.bin %> publisher rm sigsnoop c_21fe31dfa154a261626bf854046fd227'];
  static override args = { name: Args.string({ description: 'a package', required: true }), id: publisherIdArg };

  async run(): Promise<CliRegistryChange> {
    const { args, flags } = await this.parse(PublisherRm);
    const name = parsePackageName(args.name);
    const publisher = args.id;
    const sentence = `${publisher} does not publish ${name} any more`;
    const done = { change: 'publisher-removed', name, publisher, sentence } as const;
    return this.change({ flag: flags.registry, name }, done, ({ packages }) => packages.removeTrust(name, publisher));
  }
}
