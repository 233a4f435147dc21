import { closeSync, fstatSync, readFileSync } from 'node:fs';
import type { StackFrame } from '@ebpm/events';
import { EXECUTABLES_KEPT, PERF_MAP_MAX_BYTES, PROCESS_MAPS_MAX_BYTES, PROCESSES_KEPT } from '../limits.js';
import { type ExecutableSymbols, readExecutableSymbols } from './executable-symbols.js';
import { readPerfMap } from './perf-map.js';
import type { ProcessFiles } from './process-files.js';
import { type CodeMapping, mappingAt, readProcessMaps } from './process-maps.js';
import { readAt, readToEnd } from './read-descriptor.js';
import type { FoundSymbol, SymbolTable } from './symbol-table.js';

/** Names addresses of processes by the files that they run, and by the maps of their just-in-time compilers. */
export class UserSymbols {
  readonly #files: ProcessFiles;
  readonly #processes = new Map<number, Process>();
  /** By device, inode, size and time of change: many processes run one library. */
  readonly #executables = new Map<string, ExecutableSymbols | undefined>();

  constructor(files: ProcessFiles) {
    this.#files = files;
  }

  /** The frames of one stack, the innermost first. */
  frames(pid: number, addresses: readonly bigint[]): readonly StackFrame[] {
    const process = this.#process(pid, addresses);
    return addresses.map((address, index) => this.#frame(process, address, index === 0 ? 0n : RETURN));
  }

  /** `back` leads from a return address into the call before it, which may be the last instruction of a function. */
  #frame(process: Process, address: bigint, back: bigint): StackFrame {
    const place = address - back;
    const mapping = mappingAt(process.mappings, place);
    const found = mapping?.path.startsWith('/')
      ? this.#inFile(process, mapping, place)
      : this.#compiled(process, place);
    const module = mapping === undefined || mapping.path === '' ? undefined : mapping.path;
    return {
      address,
      symbol: found?.name,
      offsetBytes: found === undefined ? undefined : found.offsetBytes + Number(back),
      module,
    };
  }

  #inFile(process: Process, mapping: CodeMapping, place: bigint): FoundSymbol | undefined {
    if (!process.executables.has(mapping.path)) {
      process.executables.set(mapping.path, this.#executable(process.pid, mapping.path));
    }
    return process.executables.get(mapping.path)?.find(Number(place - mapping.start) + mapping.offsetBytes);
  }

  #executable(pid: number, path: string): ExecutableSymbols | undefined {
    // A file that was replaced since has other code than what runs.
    const descriptor = path.endsWith(DELETED) ? undefined : this.#files.open(pid, { mapped: path });
    if (descriptor === undefined) return undefined;
    try {
      const { dev, ino, size, mtimeMs } = fstatSync(descriptor);
      const key = `${dev}:${ino}:${size}:${mtimeMs}`;
      if (!this.#executables.has(key)) {
        forgetOldest(this.#executables, EXECUTABLES_KEPT);
        this.#executables.set(key, readExecutableSymbols(readAt(descriptor)));
      }
      return this.#executables.get(key);
    } finally {
      closeSync(descriptor);
    }
  }

  #compiled(process: Process, place: bigint): FoundSymbol | undefined {
    if (process.perfMap === undefined) {
      const descriptor = this.#files.open(process.pid, { perfMapOf: pidInside(process.pid) });
      process.perfMap = descriptor === undefined ? null : readPerfMap(textOf(descriptor, PERF_MAP_MAX_BYTES));
    }
    return process.perfMap?.find(Number(place));
  }

  /** What is known of a process; its mappings are read again when an address lies outside of them. */
  #process(pid: number, addresses: readonly bigint[]): Process {
    const known = this.#processes.get(pid);
    const isKnown = (at: bigint) => known !== undefined && mappingAt(known.mappings, at) !== undefined;
    if (known !== undefined && (addresses.every(isKnown) || Date.now() - known.readAtMs < MAPPINGS_LAST_MS))
      return known;
    const descriptor = this.#files.open(pid, 'maps');
    const mappings = descriptor === undefined ? [] : readProcessMaps(textOf(descriptor, PROCESS_MAPS_MAX_BYTES));
    // A process that has ended has no mappings: what was known of it still tells what it ran.
    if (known !== undefined && mappings.length === 0) return known;
    forgetOldest(this.#processes, PROCESSES_KEPT);
    const process = { pid, mappings, readAtMs: Date.now(), executables: new Map(), perfMap: undefined };
    this.#processes.set(pid, process);
    return process;
  }
}

interface Process {
  readonly pid: number;
  readonly mappings: readonly CodeMapping[];
  readonly readAtMs: number;
  /** By path. */
  readonly executables: Map<string, ExecutableSymbols | undefined>;
  /** null: it has none. */
  perfMap: SymbolTable | null | undefined;
}

/** From a return address back into the call. */
const RETURN = 1n;
/** What /proc/PID/maps puts behind the path of a file that is gone. */
const DELETED = ' (deleted)';
/** An address outside of all mappings is often just wrong: the mappings are not read again for each. */
const MAPPINGS_LAST_MS = 1000;

/** A perf map is named by the process id that the process itself sees, which is the last of NSpid. */
function pidInside(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/^NSpid:.*?(\d+)$/m.exec(status)?.[1] ?? pid);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return pid;
    throw error;
  }
}

function textOf(descriptor: number, limitBytes: number): string {
  return new TextDecoder().decode(readToEnd(descriptor, limitBytes));
}

function forgetOldest(map: Map<unknown, unknown>, limit: number): void {
  const [oldest] = map.keys();
  if (map.size >= limit) map.delete(oldest);
}
