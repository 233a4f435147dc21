import { printable } from '@ebpm/events';
import { parsePackageName } from '@ebpm/formats';
import type { CliRegistryChange } from '@ebpm/schemas';
import { Args, Flags } from '@oclif/core';
import { otpFlag, PACKAGE_CODE } from '../../otp-flag.js';
import { parseClaims } from '../../parse-claims.js';
import { RegistryCommand } from '../../registry-command.js';

/** `ebpm publisher add NAME --issuer URL --claim KEY=VALUE`. */
export default class PublisherAdd extends RegistryCommand {
  static override summary = 'Let jobs of a CI service publish a package';
  static override description =
    'The service signs a token for each job (OpenID Connect). A job publishes whose token is of this issuer and has all of these claims, with these very texts; it needs no token of a person, and no one-time code. "ebpm access set publishers=trusted" has nobody else publish.';
  static override examples = [
    '<%= config.bin %> publisher add sigsnoop --issuer https://token.actions.githubusercontent.com --claim repository=acme/sigsnoop --claim ref=refs/heads/main',
    '<%= config.bin %> publisher add @acme/tool --issuer https://gitlab.com --claim project_path=acme/tool --claim ref_protected=true',
  ];
  static override args = { name: Args.string({ description: 'a package', required: true }) };
  static override flags = {
    issuer: Flags.string({ description: 'who signs the tokens of the jobs', helpValue: 'URL', required: true }),
    claim: Flags.string({
      description: 'what a token says of its job, such as repository=acme/sigsnoop; several if wanted',
      helpValue: 'KEY=VALUE',
      required: true,
      multiple: true,
      multipleNonGreedy: true,
    }),
    otp: otpFlag(PACKAGE_CODE),
  };

  async run(): Promise<CliRegistryChange> {
    const { args, flags } = await this.parse(PublisherAdd);
    const name = parsePackageName(args.name);
    const trust = { issuer: flags.issuer, claims: parseClaims(flags.claim) };
    const added = await this.ask({ flag: flags.registry, name }, async (registry) => {
      const { id } = await this.withCode(flags.otp, (code) => registry.packages.addTrust(name, trust, code));
      return { registry: registry.url, change: 'publisher-added', name, publisher: id } as const;
    });
    this.log(printable(`${name} is published by jobs of ${trust.issuer} with these claims: ${added.publisher}`));
    return added;
  }
}
