import { AddressRules } from '../address-rules.js';
import { resolveSettings } from '../config/resolve-settings.js';
import { settingFlags } from '../config/setting-flags.js';
import { SETTINGS } from '../config/setting-table.js';
import type { Settings } from '../config/settings.js';
import { upstreamSettings } from '../config/upstream-settings.js';
import { addressList } from '../http/address-list.js';
import { tlsFiles } from '../http/tls-files.js';
import { readKeyFile } from '../keys/key-file.js';
import { storeOpener } from '../stores/open.js';
import type { Command } from './command.js';
import type { CommandContext } from './command-context.js';
import { s3Credentials, storeAddress } from './store-flags.js';

/** `ebpm-registry config check` */
export const configCheck: Command = {
  name: 'config check',
  positionals: [],
  summary: 'look whether the server could start with this configuration; nothing is opened',
  flags: { ...settingFlags(), json: { description: 'print the result as JSON' } },
  async run({ flags }, context) {
    const { settings } = await resolveSettings({ flags, env: context.env });
    await check(settings);
    const unused = unknownVariables(context.env);
    if (flags['json'] === true) {
      context.print(JSON.stringify({ ok: true, unknownVariables: unused }));
      return;
    }
    for (const name of unused) context.print(`$${name} is no setting, and does nothing`);
    context.print('the configuration is sound');
  },
};

/** Makes of the settings what the server makes of them before it opens anything: what it would refuse is refused here. */
async function check(settings: Settings): Promise<void> {
  storeOpener(storeAddress(settings), s3Credentials(settings));
  await readKeyFile(settings.keyFile);
  tlsFiles(settings)?.read();
  for (const key of ['trustProxy', 'rateLimitExempt'] as const) addressList(key, settings[key]);
  new AddressRules(settings.outboundAllow);
  await upstreamSettings(settings);
}

/** Typed wrongly, or Kubernetes' own for a service of this name: only who looks after them is to hear of them. */
function unknownVariables(env: CommandContext['env']): string[] {
  const known = new Set(['EBPM_REGISTRY_CONFIG', ...SETTINGS.map(({ variable }) => variable)]);
  return Object.keys(env).filter((name) => name.startsWith('EBPM_REGISTRY_') && !known.has(name));
}
