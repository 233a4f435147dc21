import type { Digest } from '@ebpm/formats';
import type { BlobKey } from '../stores/keys.js';

/** The digest in the key of a blob. */
export function digestOfBlob(key: BlobKey): Digest {
  const [, , start = '', rest = ''] = key.split('/');
  return `sha256:${start}${rest}`;
}
