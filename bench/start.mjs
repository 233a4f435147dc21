import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { interleave } from './median.mjs';
import { printTable } from './table.mjs';

const EBPM = fileURLToPath(new URL('../packages/cli/bundle/main.js', import.meta.url));

/** From the start of a process until it says that it is attached, beside an empty Node and bpftrace. */
export async function startUntilAttached({ packagePath, pidFlag, folder, rounds }) {
  const me = String(process.pid);
  const env = { PATH: process.env.PATH, HOME: folder };
  const run = [EBPM, 'run', packagePath, pidFlag, me];
  const script = `BEGIN { printf("attached\\n") } tracepoint:syscalls:sys_enter_kill /pid == ${me}/ { printf("%d\\n", args->sig) }`;
  const samples = await interleave(
    {
      'node -e 0': () => untilEnd(process.execPath, ['-e', '0'], env),
      'ebpm --version': () => untilEnd(process.execPath, [EBPM, '--version'], env),
      'ebpm run, until attached': () => untilText(process.execPath, run, 'attached', env),
      'bpftrace, until attached': () => untilText('bpftrace', ['-e', script], 'attached', env),
      'bpftrace, same programs, until attached': () => untilText('bpftrace', ['-e', sameProgram(me)], 'attached', env),
    },
    rounds,
  );
  printTable('whole process', samples);
}

/** The tracepoints of sigsnoop, with the same filter. */
function sameProgram(pid) {
  const calls = ['kill', 'tkill', 'tgkill', 'rt_sigqueueinfo', 'rt_tgsigqueueinfo', 'pidfd_send_signal'];
  const probes = calls.flatMap((call) => [
    `tracepoint:syscalls:sys_enter_${call}`,
    `tracepoint:syscalls:sys_exit_${call}`,
  ]);
  return `BEGIN { printf("attached\\n") } ${probes.join(',')} /pid == ${pid}/ { printf("%s\\n", comm) }`;
}

async function untilEnd(program, words, env) {
  const started = performance.now();
  await once(spawn(program, words, { env, stdio: 'ignore' }), 'exit');
  return performance.now() - started;
}

async function untilText(program, words, text, env) {
  const started = performance.now();
  const child = spawn(program, words, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(child, 'exit');
  let output = '';
  const elapsed = await new Promise((resolve, reject) => {
    const take = (chunk) => {
      output += chunk;
      if (output.includes(text)) resolve(performance.now() - started);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.once('error', reject);
    exited.then(() => reject(new Error(`${program} ended before it was attached:\n${output}`)));
  });
  child.kill('SIGINT');
  await exited;
  return elapsed;
}
