import { changeRegistries, type Registries, readRegistries, registryUrl } from '@ebpm/client';
import { EbpmError } from '@ebpm/formats';
import type { CliConfig } from '@ebpm/schemas';
import type { Context } from './context.js';
import { parseScope } from './scope-flag.js';

/** What a user can set, by the key that is typed: the registry of all, or of a scope. */
export type SettingKey = { readonly kind: 'registry' } | { readonly kind: 'scope'; readonly scope: string };

/** `registry`, or `@acme:registry` as npm writes it. @throws EBPM_USAGE_INVALID */
export function parseSettingKey(text: string): SettingKey {
  if (text === 'registry') return { kind: 'registry' };
  const scope = /^(@.*):registry$/.exec(text)?.[1];
  if (scope !== undefined) return { kind: 'scope', scope: parseScope(scope) };
  throw new EbpmError('EBPM_USAGE_INVALID', `Cannot use ${JSON.stringify(text.slice(0, 100))} as a setting's name`, {
    hint: 'There are: registry, and @SCOPE:registry such as @acme:registry. docs/cli.md lists what the environment sets',
  });
}

/** What is set, and by what. The environment goes before the file. */
export async function readSettings({ home, registry }: Context): Promise<CliConfig['settings']> {
  const { default: fallback, scopes = {} } = await readRegistries(home);
  return [
    ...(registry === undefined
      ? []
      : [{ key: 'registry', value: registryUrl(registry), from: 'environment' as const }]),
    ...(fallback === undefined ? [] : [{ key: 'registry', value: fallback, from: 'file' as const }]),
    ...Object.entries(scopes)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([scope, value]) => ({ key: `${scope}:registry`, value, from: 'file' as const })),
  ];
}

/** Sets something, or with undefined takes it back; gives the value in the form that is kept. */
export async function changeSetting(home: string, key: SettingKey, text: string | undefined): Promise<string> {
  const url = text === undefined ? undefined : registryUrl(text);
  await changeRegistries(home, (before) =>
    key.kind === 'registry'
      ? { ...whole(before), default: url }
      : { ...whole(before), scopes: scoped(before, key.scope, url) },
  );
  return url ?? '';
}

function whole({ default: fallback, tokens, scopes }: Registries) {
  return { default: fallback, tokens, scopes };
}

function scoped({ scopes = {} }: Registries, scope: string, url: string | undefined): Record<string, string> {
  const others = Object.entries(scopes).filter(([other]) => other !== scope);
  return Object.fromEntries(url === undefined ? others : [...others, [scope, url]]);
}
