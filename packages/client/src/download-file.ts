import { EbpmError } from '@ebpm/formats';
import type { Http, HttpAnswer } from './http.js';

/** How a file is downloaded. */
export interface DownloadOptions {
  /** The most bytes that it may have. */
  readonly maxBytes: number;
  /** Called while it comes in; the total is undefined where the server does not say it. */
  readonly onProgress?: (receivedBytes: number, totalBytes: number | undefined) => void;
}

/**
 * The bytes behind an address on any web server. Whatever is not a plain success is an error: the page that comes with a 404 is
 * no file.
 *
 * @throws EBPM_DOWNLOAD_FAILED
 */
export async function downloadFile(http: Http, url: string, options: DownloadOptions): Promise<Uint8Array> {
  const { status, body } = await sent(http, url, options);
  if (status === 200) return body;
  throw new EbpmError(
    'EBPM_DOWNLOAD_FAILED',
    `Cannot download "${url}": the server answers ${status}${words(status)}`,
    {
      hint: 'Check the address',
      data: { url, status },
    },
  );
}

async function sent(http: Http, url: string, { maxBytes, onProgress }: DownloadOptions): Promise<HttpAnswer> {
  try {
    return await http.send({ method: 'GET', url, maxBytes, onProgress });
  } catch (cause) {
    if (!(cause instanceof EbpmError)) throw cause;
    const reason = cause.message.replace(/^Cannot reach "[^"]*": |^Cannot use the answer of "[^"]*": /, '');
    throw new EbpmError('EBPM_DOWNLOAD_FAILED', `Cannot download "${url}": ${reason}`, {
      cause,
      hint: 'Check the address, the network, and HTTPS_PROXY and NO_PROXY',
    });
  }
}

/** RFC 9110 section 15, those that people meet. */
const WORDS: Readonly<Record<number, string>> = {
  204: ' (No Content)',
  401: ' (Unauthorized)',
  403: ' (Forbidden)',
  404: ' (Not Found)',
  410: ' (Gone)',
  429: ' (Too Many Requests)',
  500: ' (Internal Server Error)',
  502: ' (Bad Gateway)',
  503: ' (Service Unavailable)',
};

function words(status: number): string {
  return WORDS[status] ?? '';
}
