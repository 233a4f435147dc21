// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
import { args, errorText, exit, printError } from "ebpm";
import { Bootstrap, Event } from "bootstrap.skel";

const skel = new Bootstrap();
let shown = 0;

// Called for every event. What it gives to emit is printed as ebpm prints events: as a table, or as JSON.
function onEvent(context: usize, event: Event, size: u32): i32 {
  shown++;
  return skel.emit_event(event);
}

// Options become the kernel half's constants, before it is loaded.
function setOptions(words: string[]): bool {
  for (let at = 1; at + 1 < words.length; at += 2) {
    if (words[at] == "--parent_pid") Bootstrap.set_parent_pid(I32.parseInt(words[at + 1]));
    else if (words[at] == "--min_duration_ns") Bootstrap.set_min_duration_ns(U64.parseInt(words[at + 1]));
    else return false;
  }
  return words.length % 2 == 1;
}

const words = args();
if (!setOptions(words)) {
  printError("Usage: " + words[0] + " [--parent_pid PID] [--min_duration_ns NS]");
  exit(2);
}
if (skel.load() != 0) exit(1);
let result = skel.attach();
while (result >= 0) result = skel.poll_events(onEvent, 100);
printError("bootstrap ends after " + shown.toString() + " events: " + errorText(result));
skel.close();
exit(1);
