import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A server in a process of its own, which has said where it listens. */
export async function startChild(program, args, { env = {}, pattern, stderr = 'inherit' }) {
  const child = spawn(program, args, { env: { PATH: process.env.PATH, ...env }, stdio: ['ignore', 'pipe', stderr] });
  const exited = once(child, 'exit');
  let output = '';
  const found = await new Promise((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      output += chunk;
      const match = pattern.exec(output);
      if (match !== null) resolve(match[1]);
    });
    exited.then(([code]) => reject(new Error(`${program} ended with ${code}: ${output}`)));
  });
  return {
    url: found,
    pid: child.pid,
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
