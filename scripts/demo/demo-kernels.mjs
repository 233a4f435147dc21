import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { runInLab } from '@ebpm/lab';
import { ROOT } from '../run-step.mjs';

/** Events that are shown of each kernel. */
const EVENTS = '15';
/** A process that sends signals to itself for as long as it lives. */
const SENDER = 'trap : USR1 USR2 HUP; while :; do kill -USR1 $$; kill -HUP $$; kill -USR2 $$; sleep 0.1; done';

/** The kernels that the package is shown on: two of lab's, and this machine's own where it lets us. */
export function demoKernels() {
  return [labKernel('6.1'), labKernel('6.12'), ...(hostAllowsBpf() ? [hostKernel()] : [])];
}

/** The other machine with another kernel: ebpm, the home that the package was installed into, and a sender. */
function labKernel(version) {
  const words = ['run', '--max-events', EVENTS, 'sigsnoop'];
  return {
    async run(terminal, home) {
      process.stdout.write(`-- Linux ${version}, booting in QEMU\n`);
      terminal.typed(['ebpm', ...words].join(' '));
      const { exitCode } = await runInLab({
        kernel: version,
        cacheDir: join(ROOT, '.cache/lab'),
        command: ['sh', '-c', `sh -c '${SENDER}' & exec node /opt/ebpm/bundle/main.js ${words.join(' ')}`],
        files: {
          '/opt/ebpm/package.json': join(ROOT, 'packages/cli/package.json'),
          '/opt/ebpm/bundle': join(ROOT, 'packages/cli/bundle'),
          '/home/other': home,
        },
        env: { EBPM_HOME: '/home/other' },
        deadlineMs: 60_000,
        onStdout: (chunk) => void process.stdout.write(chunk),
        onStderr: (chunk) => void process.stderr.write(chunk),
      });
      if (exitCode !== 0) throw new Error(`"ebpm run" ended with ${exitCode} on Linux ${version}`);
    },
  };
}

/** Here only signals of a process of the demo's own are traced. */
function hostKernel() {
  return {
    async run(terminal, home) {
      process.stdout.write(`-- This machine, Linux ${release()}\n`);
      const sender = spawn('sh', ['-c', SENDER], { stdio: 'ignore' });
      try {
        const words = ['run', '--max-events', EVENTS, 'sigsnoop', '--filtered_pid', String(sender.pid)];
        await terminal.run('ebpm', words, { env: { EBPM_HOME: home } });
      } finally {
        sender.kill('SIGKILL');
      }
    },
  };
}

function hostAllowsBpf() {
  return process.getuid() === 0 && existsSync('/sys/kernel/btf/vmlinux') && existsSync('/sys/kernel/tracing/events');
}
