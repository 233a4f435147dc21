import { PERMISSION_CLASSES, type PermissionClass } from './permission-class.js';

/** What people are asked for: a class of permissions, or what the tables say nothing about. */
export type ConsentClass = PermissionClass | typeof UNCLASSIFIED;

/** What the tables say nothing about. */
export const UNCLASSIFIED = 'unclassified';

/**
 * Whether people are asked for a class: never; once for each digest; or for every new digest, so that nothing that was said of a name, a publisher
 * or an earlier version counts.
 */
export type Consent = 'never' | 'once' | 'every-digest';

/** When people are asked for a class. Of two of them some reads are ordinary, and not asked for: see `ordinary-reads.ts`. */
export const CONSENT: Readonly<Record<ConsentClass, Consent>> = {
  'reads-user-memory': 'once',
  'reads-kernel-memory': 'once',
  'sees-process-arguments': 'never',
  'sees-file-paths': 'never',
  'sees-network-addresses': 'never',
  'sees-packet-payload': 'once',
  'changes-packets': 'every-digest',
  'drops-or-redirects-packets': 'every-digest',
  'overrides-return-values': 'every-digest',
  'writes-user-memory': 'every-digest',
  'sends-signals': 'every-digest',
  'denies-operations': 'every-digest',
  'changes-scheduling': 'every-digest',
  'loads-bpf': 'every-digest',
  'outlives-exit': 'every-digest',
  [UNCLASSIFIED]: 'every-digest',
};

/** What people can be asked for, in the order of the tables. */
export const CONSENT_CLASSES = (Object.keys(CONSENT) as ConsentClass[]).filter((name) => CONSENT[name] !== 'never');

/** Whether a text names something that people can be asked for. */
export function isConsentClass(text: string): text is ConsentClass {
  return Object.hasOwn(CONSENT, text) && CONSENT[text as ConsentClass] !== 'never';
}

/** A class in plain words. */
export function meaningOf(name: ConsentClass): string {
  return name === UNCLASSIFIED ? 'may do what nobody can say' : PERMISSION_CLASSES[name];
}
