import type { CliRegistryChange } from '@ebpm/schemas';
import { Args } from '@oclif/core';
import { accountArg } from '../../account-name.js';
import { ORGANISATION_CODE, otpFlag } from '../../otp-flag.js';
import { RegistryCommand } from '../../registry-command.js';

const LEVELS = ['read', 'write', 'admin', 'none'] as const;

/** `ebpm team grant ORG TEAM LEVEL PATTERN`: says what a team may do. */
export default class TeamGrant extends RegistryCommand {
  static override summary = 'Say what a team may do with packages';
  static override description =
    'read: see and install private ones. write: also publish, yank and tag. admin: also owners and settings. none takes it back.';
  static override examples = ["<%= config.bin %> team grant acme core write '@acme/*'"];
  static override args = {
    organisation: accountArg('name of the organisation'),
    team: accountArg('name of the team'),
    level: Args.string({ description: 'what it may do', options: [...LEVELS], required: true }),
    pattern: Args.string({ description: 'names of packages, with * for any characters but /', required: true }),
  };
  static override flags = { otp: otpFlag(ORGANISATION_CODE) };

  async run(): Promise<CliRegistryChange> {
    const { args, flags } = await this.parse(TeamGrant);
    const { organisation } = args;
    const { team, pattern } = args;
    const level = args.level as (typeof LEVELS)[number];
    const may = level === 'none' ? 'may do nothing' : `has ${level}`;
    const change = level === 'none' ? 'revoked' : 'granted';
    const done = { change, organisation, team, pattern, level, sentence: `${team} ${may} on ${pattern}` } as const;
    return this.change({ flag: flags.registry, name: `@${organisation}` }, done, ({ organisations }) =>
      this.withCode(flags.otp, (code) => organisations.grant(organisation, team, { pattern, level, ...code })),
    );
  }
}
