import { EbpmError } from '@ebpm/formats';

/** An address that names no store. */
export function badAddress(address: string, reason: string, hint = FORMS): EbpmError {
  return new EbpmError('EBPM_STORE_URL', `Cannot open the store "${address}": ${reason}`, { hint });
}

const FORMS = 'Use file:DIR, memory: or s3://BUCKET/PREFIX?endpoint=URL&region=REGION';
