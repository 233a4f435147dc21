import { readdirSync } from 'node:fs';
import type { NativeLink } from '../binding.js';
import { isNativeFailure } from '../native-failure.js';
import { onlineCpus } from '../online-cpus.js';
import type { PerfEventName, PerfSettings } from '../targets.js';
import { pidTarget } from './find-target.js';
import type { Attachment, AttachRequest, ProgramType } from './program-type.js';

/**
 * A sample, by time or by counter: `perf_event`. `@perf {"event": "cpu-cycles", "frequency": 99}` says of what and how often, a
 * `period` instead counts events between samples. On every CPU that is online, or with `--target-pid` in every thread that the
 * process has at that moment. (eunomia-bpf's loader samples once a second, whatever the package says.)
 *
 * Where there are no hardware counters (most virtual machines) cpu-clock takes the place of a hardware event that is not asked for
 * by name, and the run says so.
 *
 * Needs Linux 4.9 (`BPF_PROG_TYPE_PERF_EVENT`). Errors: EBPM_ATTACH_TARGET_MISSING where there is no such counter or process.
 * @see https://github.com/torvalds/linux/blob/v4.9/include/uapi/linux/bpf.h
 */
export const PERF_EVENT: ProgramType = {
  name: 'perf_event',
  sections: ['perf_event'],
  prefixes: ['perf_event'],
  minimumKernel: '4.9',
  targets: ['pid'],
  attach,
};

/** Prime to the frequency of most timers, so that samples do not fall into step with what they sample. */
const DEFAULT_FREQUENCY = 99;

/**
 * PERF_TYPE_* and PERF_COUNT_* of each event.
 * @see https://github.com/torvalds/linux/blob/v6.12/include/uapi/linux/perf_event.h
 */
const EVENTS: Readonly<Record<PerfEventName, readonly [type: number, config: number]>> = {
  'cpu-cycles': [0, 0],
  instructions: [0, 1],
  'cache-references': [0, 2],
  'cache-misses': [0, 3],
  branches: [0, 4],
  'branch-misses': [0, 5],
  'cpu-clock': [1, 0],
  'task-clock': [1, 1],
  'page-faults': [1, 2],
  'context-switches': [1, 3],
  'cpu-migrations': [1, 4],
};

/** What perf_event_open(2) says where a machine has no such counter. */
const NO_COUNTER = [2, 19, 95];

function attach(request: AttachRequest): Attachment {
  const settings = request.settings.perf ?? {};
  try {
    return open(request, settings.event ?? 'cpu-cycles', settings);
  } catch (error) {
    if (settings.event !== undefined || !isNativeFailure(error) || !NO_COUNTER.includes(error.errno)) throw error;
    // A period counts cycles, and nanoseconds of cpu-clock: close enough on the machines there are.
    const note = `cpu-clock instead of cpu-cycles: this machine has no hardware counters (${error.reason})`;
    return { ...open(request, 'cpu-clock', settings), note };
  }
}

function open(request: AttachRequest, event: PerfEventName, settings: PerfSettings): Attachment {
  const { native, program } = request;
  const [type, config] = EVENTS[event];
  const { period, frequency = DEFAULT_FREQUENCY } = settings;
  const pid = pidTarget(request);
  const places = pid === undefined ? onlineCpus().map((cpu) => [-1, cpu] as const) : threads(pid);
  const links: NativeLink[] = [];
  const close = () => {
    for (const link of links.toReversed()) link.close();
  };
  try {
    for (const [thread, cpu] of places) {
      const byFrequency = period === undefined;
      links.push(native.attachPerfEvent(program.name, type, config, period ?? frequency, byFrequency, thread, cpu));
    }
  } catch (error) {
    close();
    throw error;
  }
  const rate = period === undefined ? `${frequency} a second` : `every ${period}`;
  const where = pid === undefined ? `${places.length} CPUs` : `${places.length} threads of process ${pid}`;
  return { links, place: `${event}, ${rate}, ${where}`, close };
}

/** The threads of a process, on any CPU; only the process itself where they cannot be listed. */
function threads(pid: number): readonly (readonly [number, number])[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map((thread) => [Number(thread), -1] as const);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return [[pid, -1]];
  }
}
