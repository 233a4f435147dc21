import { LogPins, RegistryClient, refreshRevocations } from '@ebpm/client';
import { printable } from '@ebpm/events';
import type { CliTrustRefresh } from '@ebpm/schemas';
import { BaseCommand } from '../../base-command.js';
import { counted } from '../../counted.js';
import { withHttp } from '../../with-http.js';

/** `ebpm trust refresh`: asks the registries that are known here what they have revoked. */
export default class TrustRefresh extends BaseCommand {
  static override summary = 'Ask the registries that are known here what they have revoked';
  static override description =
    'Installing does it at most once an hour, and a run once it has started. This asks now, for machines that seldom do either.';
  static override examples = ['<%= config.bin %> trust refresh'];

  async run(): Promise<CliTrustRefresh> {
    await this.parse(TrustRefresh);
    const { env, home } = this.context;
    const pins = await new LogPins(home).all();
    return withHttp(env, this.config.version, async (http) => {
      const registries: CliTrustRefresh['registries'] = [];
      for (const { url } of pins) {
        const { log } = new RegistryClient(http, url);
        const ask = (minSeq: string) => log.revocations(minSeq);
        const list = await refreshRevocations({ home, url, nowMs: Date.now(), atMostEveryMs: 0, ask });
        const [keys, packages] = [list?.keys.size ?? 0, (list?.digests.size ?? 0) + (list?.packages.size ?? 0)];
        const takenDown = counted(packages, 'version or package', 'versions and packages');
        this.log(printable(`${url}: ${counted(keys, 'key')} revoked, ${takenDown} taken down`));
        registries.push({ registry: url, time: list?.time ?? '', keys, packages });
      }
      return { registries };
    });
  }
}
