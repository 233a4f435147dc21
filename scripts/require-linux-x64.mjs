import { say } from './run-step.mjs';

/** Ends with a message elsewhere than on 64-bit x86 Linux, where alone `what` can be made. */
export function requireLinuxX64(what) {
  if (process.platform === 'linux' && process.arch === 'x64') return;
  say(`Cannot make ${what} on ${process.platform} ${process.arch}: it is for x86-64 Linux and built there`);
  process.exit(1);
}
