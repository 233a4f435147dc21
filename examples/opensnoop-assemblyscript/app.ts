// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
import { args, elapsed, errorText, exit, printError } from "ebpm";
import { Event, Opensnoop, Tally } from "opensnoop.skel";

class Count {
  opened: u32 = 0;
  failed: u32 = 0;
  constructor(readonly comm: string) {}
}

const skel = new Opensnoop();
const record = new Tally();
let counts = new Map<i32, Count>();

function onEvent(context: usize, event: Event, size: u32): i32 {
  if (!counts.has(event.pid)) counts.set(event.pid, new Count(event.comm));
  const count = counts.get(event.pid);
  if (event.ret < 0) count.failed++;
  else count.opened++;
  return 0;
}

// The most frequent first.
function emitAll(): void {
  const pids = counts.keys().sort((left, right) => {
    const a = counts.get(left);
    const b = counts.get(right);
    return <i32>(b.opened + b.failed) - <i32>(a.opened + a.failed);
  });
  for (let at = 0; at < pids.length; at++) {
    const count = counts.get(pids[at]);
    record.pid = pids[at];
    record.opened = count.opened;
    record.failed = count.failed;
    record.comm = count.comm;
    skel.emit_tally(record);
  }
  counts = new Map<i32, Count>();
}

function pollFor(seconds: u64): i32 {
  const until = elapsed() + seconds * 1_000_000_000;
  let result = 0;
  while (result >= 0 && elapsed() < until) result = skel.poll_events(onEvent, 100);
  return result;
}

const words = args();
const seconds: u64 = words.length > 1 ? U64.parseInt(words[1]) : 1;
if (words.length > 2) Opensnoop.set_pid_target(I32.parseInt(words[2]));
if (skel.load() != 0) exit(1);
let result = skel.attach();
while (result >= 0) {
  result = pollFor(seconds);
  emitAll();
}
printError("opensnoop: " + errorText(result));
exit(1);
