import type { ApiOrganisation, CliOrganisation } from '@ebpm/schemas';
import { accountArg } from '../../account-name.js';
import { formatTable } from '../../format-table.js';
import { RegistryCommand } from '../../registry-command.js';

/** `ebpm org show NAME`: members, teams and what these may do. */
export default class OrgShow extends RegistryCommand {
  static override summary = 'Show members and teams of an organisation';
  static override examples = ['<%= config.bin %> org show acme'];
  static override args = { organisation: accountArg('its name') };

  async run(): Promise<CliOrganisation> {
    const { args, flags } = await this.parse(OrgShow);
    const { organisation } = args;
    const found = await this.ask({ flag: flags.registry, name: `@${organisation}` }, async (registry) =>
      shown(registry.url, await registry.organisations.organisation(organisation)),
    );
    if (!this.jsonEnabled()) this.#print(found);
    return found;
  }

  #print({ members, teams }: CliOrganisation): void {
    const { stdout } = this.context;
    const columns = stdout.isTTY === true;
    stdout.write(
      formatTable(
        ['MEMBER', 'ROLE'],
        members.map(({ name, role }) => [name, role]),
        columns,
      ),
    );
    if (teams.length === 0) return;
    const rows = teams.map(({ team, members: names, grants }) => [
      team,
      names.join(' '),
      grants.map(({ pattern, level }) => `${level} ${pattern}`).join(', '),
    ]);
    stdout.write(`\n${formatTable(['TEAM', 'MEMBERS', 'MAY'], rows, columns)}`);
  }
}

/** Members of teams by name, as people know them. */
function shown(registry: string, { name, members, teams }: ApiOrganisation): CliOrganisation {
  const names = new Map(members.map((member) => [member.id, member.name]));
  return {
    registry,
    name,
    members: members.map(({ name: member, role }) => ({ name: member, role })).sort(byName),
    teams: teams.map(({ team, members: ids, grants }) => ({
      team,
      members: ids.map((id) => names.get(id) ?? id),
      grants: grants.map(({ pattern, level }) => ({
        pattern,
        level: level as CliOrganisation['teams'][number]['grants'][number]['level'],
      })),
    })),
  };
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}
