import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Files of a certificate authority and of a server that it vouches for. */
export interface TestCertificates {
  readonly caFile: string;
  readonly key: Buffer;
  readonly cert: Buffer;
}

/** Makes an authority and a certificate for 127.0.0.1, good for a day. */
export function makeCertificates(folder: string): TestCertificates {
  const file = (name: string) => join(folder, name);
  const openssl = (...args: readonly string[]) => execFileSync('openssl', args, { stdio: 'pipe' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const ca = ['-x509', '-days', '1', '-subj', '/CN=test authority', '-keyout', file('ca.key'), '-out', file('ca.pem')];
  openssl('req', ...newKey, ...ca);
  openssl('req', ...newKey, '-subj', '/CN=127.0.0.1', '-keyout', file('server.key'), '-out', file('server.csr'));
  writeFileSync(file('san'), 'subjectAltName=IP:127.0.0.1');
  const signer = ['-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-CAcreateserial', '-extfile', file('san')];
  openssl('x509', '-req', '-days', '1', '-in', file('server.csr'), ...signer, '-out', file('server.pem'));
  return { caFile: file('ca.pem'), key: readFileSync(file('server.key')), cert: readFileSync(file('server.pem')) };
}
