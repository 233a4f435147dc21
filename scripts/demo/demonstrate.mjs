import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../run-step.mjs';
import { demoKernels } from './demo-kernels.mjs';
import { startRegistry } from './start-registry.mjs';
import { Terminal } from './terminal.mjs';

const AUDIT_LOG = '/var/log/ebpm/audit.ndjson';

/** The whole road once, each step shown as the command that a user would type. */
export async function demonstrate() {
  const folder = mkdtempSync(join(tmpdir(), 'ebpm-demo-'));
  const terminal = new Terminal(folder);
  let registry;
  try {
    terminal.title('A registry: one command, one directory');
    registry = await startRegistry(terminal, folder);
    const token = await account(terminal, registry);

    terminal.title("The author's machine: from C source to a published version");
    await publish(terminal, registry, token, folder);

    terminal.title('Another machine: find it, install it, ask whether it runs');
    const home = join(folder, 'other-home');
    await install(terminal, registry, home);

    terminal.title('The same package on other kernels, while a process sends signals');
    for (const kernel of demoKernels()) await kernel.run(terminal, home);
    // What root loads on a machine is written down there.
    const kept = existsSync(AUDIT_LOG) ? ` but ${AUDIT_LOG}` : '';
    terminal.title(`Done: registry stopped, folders removed, nothing left behind${kept}`);
  } finally {
    await registry?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function account(terminal, registry) {
  await terminal.run('ebpm-registry', ['user', 'add', 'ada', '--store', registry.store], { env: registry.env });
  const args = ['token', 'create', 'ada', '--store', registry.store];
  return (await terminal.run('ebpm-registry', args, { env: registry.env, quiet: true })).trim();
}

async function publish(terminal, registry, token, folder) {
  const project = join(folder, 'sigsnoop');
  cpSync(join(ROOT, 'examples/sigsnoop'), project, { recursive: true, filter: (path) => !path.endsWith('/dist') });
  const env = { EBPM_HOME: join(folder, 'author-home') };
  mkdirSync(env.EBPM_HOME);
  await terminal.run('ebpm', ['login', '--registry', registry.url], { env, input: `${token}\n` });
  await terminal.run('ebpm', ['build'], { env, cwd: project });
  await terminal.run('ebpm', ['publish'], { env, cwd: project });
}

async function install(terminal, registry, home) {
  const env = { EBPM_HOME: home, EBPM_REGISTRY: registry.url };
  await terminal.run('ebpm', ['search', 'signal'], { env });
  await terminal.run('ebpm', ['install', 'sigsnoop'], { env });
  // Its exit code is its verdict, and every verdict is an answer.
  await terminal.run('ebpm', ['check', 'sigsnoop'], { env: { EBPM_HOME: home }, mayFail: true });
}
