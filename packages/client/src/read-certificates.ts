import { X509Certificate } from 'node:crypto';
import { EbpmError } from '@ebpm/formats';
import { MAX_CA_BYTES } from './limits.js';
import { readRegularFile } from './read-regular-file.js';

/**
 * The certificates (PEM) in the file that `EBPM_CA_FILE` names.
 *
 * @throws EBPM_CA_FILE_INVALID
 */
export async function readCertificates(path: string): Promise<string> {
  try {
    const bytes = await readRegularFile(path, MAX_CA_BYTES);
    if (bytes === undefined) throw new Error('it does not exist');
    const text = Buffer.from(bytes).toString('latin1');
    // TLS would pass over what is no certificate, and then trust nobody.
    new X509Certificate(text);
    return text;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new EbpmError('EBPM_CA_FILE_INVALID', `Cannot use EBPM_CA_FILE "${path}": ${reason}`, {
      cause,
      hint: 'Name a file with certificates in PEM form: -----BEGIN CERTIFICATE-----',
    });
  }
}
