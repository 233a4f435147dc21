import { Http, readCertificates } from '@ebpm/client';
import type { Environment } from './context.js';

/**
 * Does something with connections that go the way the environment asks for.
 *
 * @throws EBPM_CA_FILE_INVALID, EBPM_PROXY_INVALID
 */
export async function withHttp<T>(env: Environment, version: string, use: (http: Http) => Promise<T>): Promise<T> {
  const caFile = env['EBPM_CA_FILE'];
  const http = new Http({
    userAgent: `ebpm/${version}`,
    // As curl has it, lower case goes first.
    httpProxy: env['http_proxy'] || env['HTTP_PROXY'],
    httpsProxy: env['https_proxy'] || env['HTTPS_PROXY'],
    noProxy: env['no_proxy'] || env['NO_PROXY'],
    ca: caFile ? await readCertificates(caFile) : undefined,
  });
  try {
    return await use(http);
  } finally {
    await http.close();
  }
}
