import { once } from 'node:events';
import { REVOCATIONS_EVERY_MS, REVOCATIONS_TIMEOUT_MS, RegistryClient, refreshRevocations } from '@ebpm/client';
import { createContext } from './context.js';
import { readPackageJson } from './package-json.js';
import { withHttp } from './with-http.js';

/** Asks a registry what it has revoked, for a run that has started: it says so on stdin. Nobody hears how it went; the next run sees it. */
export async function refreshEntry([url = '']: readonly string[]): Promise<void> {
  const [word] = await Promise.race([once(process.stdin, 'data'), once(process.stdin, 'end')]);
  if (word === undefined) return;
  process.stdin.destroy();
  setTimeout(() => process.exit(1), REVOCATIONS_TIMEOUT_MS).unref();
  const { env, home } = createContext(process.env);
  try {
    await withHttp(env, readPackageJson().version, async (http) => {
      const { log } = new RegistryClient(http, url);
      const ask = (minSeq: string) => log.revocations(minSeq);
      await refreshRevocations({ home, url, nowMs: Date.now(), atMostEveryMs: REVOCATIONS_EVERY_MS, ask });
    });
  } catch {
    process.exitCode = 1;
  }
}
