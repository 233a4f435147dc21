import type { CliInstall } from '@ebpm/schemas';
import { BaseCommand } from '../base-command.js';
import { parseAllow } from '../consent/allow.js';
import { allowFlag } from '../consent/allow-flag.js';
import { contextWith, offlineFlag } from '../offline-flag.js';
import { installByLockfile, installedPackages, projectSentences } from '../project-install.js';

/** `ebpm ci`: installs exactly what the lockfile of the project here names, or fails. */
export default class Ci extends BaseCommand {
  static override summary = 'Install exactly what ebpm.lock names';
  static override description =
    'Fails where there is no lockfile, where it does not have what ebpm.json asks for, and where a registry has other bytes than it names. Writes neither of the two.';
  static override examples = ['<%= config.bin %> ci'];
  static override flags = {
    offline: offlineFlag,
    allow: allowFlag('agree to classes that the packages ask for, besides what ebpm.lock has'),
  };

  async run(): Promise<CliInstall> {
    const { flags } = await this.parse(Ci);
    const allow = (flags.allow ?? []).flatMap(parseAllow);
    const options = { folder: process.cwd(), flag: undefined, ebpmVersion: this.config.version, allow };
    const done = await installByLockfile(contextWith(this.context, flags), options);
    for (const line of projectSentences(done)) this.log(line);
    return { packages: await installedPackages(this.context.home, done) };
  }
}
