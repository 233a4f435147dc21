/** What asks a registry, for whoever may not have to. */
export { RegistryClient } from './registry-client.js';
