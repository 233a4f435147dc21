import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** node-gyp downloads Node's headers unless they are named: a system package brings them along. */
export function npmEnvironment() {
  const prefix = dirname(dirname(process.execPath));
  const headers = existsSync(join(prefix, 'include/node/node_api.h'));
  return headers ? { ...process.env, npm_config_nodedir: prefix } : process.env;
}
