import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const SECONDS = process.env.EBPM_BENCH_SECONDS ?? '5';

/** Requests a second that wrk gets answered with one thread and 50 connections. Anything but 200 is an error of the measurement. */
export async function wrk(url) {
  const { stdout } = await promisify(execFile)('wrk', ['-t1', '-c50', '--timeout', '30s', `-d${SECONDS}s`, url]);
  const [, rate] = /Requests\/sec:\s+([\d.]+)/.exec(stdout) ?? [];
  if (rate === undefined || /Non-2xx|Socket errors/.test(stdout)) throw new Error(`wrk on ${url}:\n${stdout}`);
  return Number(rate);
}
