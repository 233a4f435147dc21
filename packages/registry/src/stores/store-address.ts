import { EbpmError } from '@ebpm/formats';

/** An address that names no store. */
export function badAddress(address: string, reason: string): EbpmError {
  return new EbpmError('EBPM_STORE_URL', `Cannot open the store "${address}": ${reason}`, {
    hint: 'Use file:DIR, memory: or s3://BUCKET/PREFIX?endpoint=URL&region=REGION',
  });
}
