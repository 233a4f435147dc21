import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileC } from './compile.mjs';
import { EBPM } from './ebpm.mjs';
import { install } from './installed.mjs';
import { interleave, median } from './median.mjs';
import { printTable } from './table.mjs';

const TOOL = 'sigsnoop';
/** What `ebpm run` may take beyond Node's own start and what C takes to load. */
const OWN_MS = 60;

/** From the start of a process until it says that it is attached, beside an empty Node, libbpf and bpftrace. */
export async function startUntilAttached({ pkg, packagePath, option, folder, rounds }) {
  await install({ path: packagePath, name: TOOL, home: join(folder, 'home') });
  const samples = await interleave(alternatives({ pkg, option, folder }), rounds);
  printTable('whole process, 12 system call tracepoints and a signal one', samples);
  const node = median(samples['node -e 0']);
  const c = median(samples['open + load + attach in C']);
  console.log(`  node + ${OWN_MS} ms + C: ${(node + OWN_MS + c).toFixed(1)} ms`);
}

function alternatives({ pkg, option, folder }) {
  const me = String(process.pid);
  const env = { PATH: process.env.PATH, HOME: folder, EBPM_HOME: join(folder, 'home') };
  const run = [EBPM, 'run', TOOL, '--', '--filtered_pid', me];
  const object = join(folder, `${TOOL}.o`);
  writeFileSync(object, pkg.checked.bytes);
  const load = [object, pkg.name, '1', option.section, String(option.offsetBytes), me];
  const program = compileC('load', folder);
  const script = `BEGIN { printf("attached\\n") } tracepoint:syscalls:sys_enter_kill /pid == ${me}/ { printf("%d\\n", args->sig) }`;
  return {
    'node -e 0': () => untilEnd(process.execPath, ['-e', '0'], env),
    'open + load + attach in C': () => Number(execFileSync(program, load, { encoding: 'utf8' })) / 1e6,
    'ebpm --version': () => untilEnd(process.execPath, [EBPM, '--version'], env),
    'ebpm run, until attached': () => untilText(process.execPath, run, 'attached', env),
    'bpftrace, one program, until BEGIN': () => untilText('bpftrace', ['-e', script], 'attached', env),
    'bpftrace, 12 programs, until BEGIN': () => untilText('bpftrace', ['-e', sameProgram(me)], 'attached', env),
  };
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

/** From the start of a process until it says that; then it is ended. */
export async function untilText(program, words, text, env) {
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
