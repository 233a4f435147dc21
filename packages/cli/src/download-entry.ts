import { downloadFile } from '@ebpm/client';
import { createContext } from './context.js';
import { DownloadProgress } from './download-progress.js';
import { exitCodeOf, toEbpmError } from './error-output.js';
import { readPackageJson } from './package-json.js';
import { MAX_INPUT_BYTES } from './read-input.js';
import { withHttp } from './with-http.js';

/**
 * Reads an address for `downloadInChild`: its bytes go to stdout, or the error as JSON. What has been read is only written when
 * all of it is there.
 */
export async function downloadEntry([url = '']: readonly string[]): Promise<void> {
  const { env, stdout, stderr } = createContext(process.env);
  const progress = new DownloadProgress(stderr, Date.now);
  try {
    const bytes = await withHttp(env, readPackageJson().version, (http) =>
      downloadFile(http, url, {
        maxBytes: MAX_INPUT_BYTES,
        onProgress: (receivedBytes, totalBytes) => progress.update(url, receivedBytes, totalBytes),
      }),
    );
    progress.close();
    stdout.write(bytes);
  } catch (error) {
    progress.close();
    const { code, message, hint } = toEbpmError(error);
    stdout.write(JSON.stringify({ error: { code, message, hint } }));
    process.exitCode = exitCodeOf(toEbpmError(error));
  }
}
