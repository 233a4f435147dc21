import type { RegistryClient, WithCode } from '@ebpm/client';
import type { CliRegistryChange } from '@ebpm/schemas';

/** One of the things that the owners of a package choose. */
export interface AccessSetting {
  readonly change: CliRegistryChange['change'];
  /** What is so from now on, behind the package's name. */
  readonly words: string;
  readonly apply: (packages: RegistryClient['packages'], name: string, code: WithCode) => Promise<void>;
}

/** What `ebpm access set` takes, as it is typed; `mfa` and `status` are npm's words. */
export const ACCESS_SETTINGS = {
  'mfa=publish': {
    change: 'publish-otp-required',
    words: 'is published by people with a one-time code alone',
    apply: changePolicy({ otp: true }),
  },
  'mfa=none': {
    change: 'publish-otp-not-required',
    words: 'is published without a one-time code',
    apply: changePolicy({ otp: false }),
  },
  'publishers=trusted': {
    change: 'publish-trusted-only',
    words: 'is published by the CI jobs alone that it trusts',
    apply: changePolicy({ trustedOnly: true }),
  },
  'publishers=all': {
    change: 'publish-by-all',
    words: 'is published by people, too',
    apply: changePolicy({ trustedOnly: false }),
  },
  'status=public': {
    change: 'made-public',
    words: 'can be read by everybody',
    apply: (packages, name, code) => packages.setVisibility(name, 'public', code),
  },
  'status=private': {
    change: 'made-private',
    words: 'can be read by those alone who have a right to it',
    apply: (packages, name, code) => packages.setVisibility(name, 'private', code),
  },
} as const satisfies Readonly<Record<string, AccessSetting>>;

/** Changes a part of the policy: the registry takes it whole. */
function changePolicy(part: { readonly otp: boolean } | { readonly trustedOnly: boolean }): AccessSetting['apply'] {
  return async (packages, name, code) => packages.setPolicy(name, { ...(await packages.policy(name)), ...part }, code);
}
