import { readFile } from 'node:fs/promises';
import type { RegistryConfig } from '@ebpm/schemas';
import type { UpstreamSetting } from '../upstream/upstreams.js';
import { configError } from './config-error.js';
import { whyUnreadable } from './why-unreadable.js';

type Upstream = NonNullable<RegistryConfig['upstreams']>[number];

/**
 * The upstreams with their tokens, which are read from files or stand in a setting of their own.
 * @throws EBPM_REGISTRY_CONFIG for a file that holds no token, a token for nobody, and one that would be sent in clear
 */
export async function upstreamSettings({
  upstreams = [],
  upstreamTokens = {},
}: Pick<RegistryConfig, 'upstreams' | 'upstreamTokens'>): Promise<readonly UpstreamSetting[]> {
  const nobody = Object.keys(upstreamTokens).find((address) => !upstreams.some(({ url }) => url === address));
  if (nobody !== undefined) throw unusable(nobody, '"upstreamTokens" has a token for it, and it is no upstream');
  return Promise.all(
    upstreams.map(async ({ url, names, tokenFile }) => {
      const token = await tokenOf({ url, names, ...(tokenFile !== undefined && { tokenFile }) }, upstreamTokens[url]);
      return { url, names, ...(token !== undefined && { token }) };
    }),
  );
}

async function tokenOf({ url, tokenFile }: Upstream, told: string | undefined): Promise<string | undefined> {
  if (tokenFile !== undefined && told !== undefined) throw unusable(url, 'it has two tokens');
  const token = tokenFile === undefined ? told : await readToken(url, tokenFile);
  if (token !== undefined && !isSafe(new URL(url))) throw unusable(url, 'a token is sent by https only');
  return token;
}

async function readToken(url: string, path: string): Promise<string> {
  try {
    const token = (await readFile(path, 'utf8')).trim();
    if (/^[!-~]{1,4096}$/.test(token)) return token;
  } catch (cause) {
    throw unusable(url, `cannot read its token in "${path}": ${whyUnreadable(cause)}`, cause);
  }
  throw unusable(url, `"${path}" holds no token`);
}

/** On the machine itself nobody stands in between. */
function isSafe({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || ['127.0.0.1', '[::1]', 'localhost'].includes(hostname);
}

function unusable(url: string, reason: string, cause?: unknown) {
  return configError(`Cannot use the upstream "${url}": ${reason}`, { cause });
}
