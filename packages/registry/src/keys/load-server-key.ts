import { EbpmError } from '@ebpm/formats';
import type { PersonKey, StoreKey } from '../stores/keys.js';
import type { Store } from '../stores/store.js';
import { readKeyFile, readOrMakeKeyFile } from './key-file.js';
import { openRecord } from './sealed-record.js';
import type { ServerKey } from './server-key.js';

/**
 * The key of the registry on this store, from its file. A store that has nobody in it yet gets a new key.
 * @throws EBPM_REGISTRY_KEY_MISSING, EBPM_REGISTRY_KEY_WRONG when the store's people cannot be read with what is in the file
 * @throws EBPM_REGISTRY_KEY_INVALID
 */
export async function loadServerKey(store: Store, path: string): Promise<ServerKey> {
  const [first] = await store.list('people/', { limit: 1 });
  if (first === undefined || !isPersonKey(first)) return readOrMakeKeyFile(path);
  const key = await readKeyFile(path);
  if (key === undefined) {
    const message = `Cannot read the people in "${store.name}": their key is not in "${path}"`;
    throw new EbpmError('EBPM_REGISTRY_KEY_MISSING', message, {
      hint: 'copy the key file that this store was started with, or name it with --key-file FILE',
    });
  }
  const record = await store.get(first);
  if (record !== undefined) openRecord(key, first, record);
  return key;
}

function isPersonKey(key: StoreKey): key is PersonKey {
  return key.startsWith('people/');
}
