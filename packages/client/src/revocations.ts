/** What a run asks of revocations, without anything that talks to a registry. */
export { REVOCATIONS_EVERY_MS } from './limits.js';
export {
  type KnownRevocations,
  knownRevocations,
  type RevocableVersion,
  revocationOf,
} from './trust/known-revocations.js';
