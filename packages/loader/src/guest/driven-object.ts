import { EbpmError } from '@ebpm/formats';
import { PERF_EVENT_ARRAY, programKind } from '@ebpm/object';
import { type AttachedProgram, attachProgram, attachPrograms, detachProgramsLater } from '../attach-programs.js';
import type { NativeObject } from '../binding.js';
import { findMap } from '../find-map.js';
import { DEFAULT_PERF_BUFFER_PAGES } from '../limits.js';
import type { MapInfo, ProgramInfo } from '../object-info.js';
import { onlineCpus } from '../online-cpus.js';
import { Phase } from '../phase.js';
import { programTypeOf } from '../program-types/all.js';
import { refusedAs } from '../refused-as.js';
import type { ProgramSettings, Targets } from '../targets.js';

/** A map and the object's descriptor of it, which goes when the object is closed. */
export interface LentMap extends MapInfo {
  readonly descriptor: number;
}

/** The rings of a perf event array: a descriptor for each CPU. */
export interface LentPerf {
  readonly descriptors: readonly number[];
  readonly cpus: readonly number[];
  /** Of each ring. */
  readonly pages: number;
}

/** A loaded object whose programs are attached one by one, and whose maps another process works with. */
export class DrivenObject {
  readonly name: string;
  readonly #phase: Phase;
  readonly #attached: AttachedProgram[] = [];
  readonly #rings = new Map<string, LentPerf>();
  #areRingsOpen = false;

  /** Made by `LoadedObject.drive`. */
  constructor(native: NativeObject, name: string) {
    this.#phase = new Phase(native);
    this.name = name;
  }

  get programs(): readonly ProgramInfo[] {
    return this.#phase.use().programs();
  }

  /** The programs that are attached, once for each time. */
  get attached(): readonly string[] {
    return this.#attached.map(({ program }) => program.name);
  }

  /** Whether a program is attached to a control group or to an interface; undefined for what its section says alone, and for no program of it. */
  targetKind(name: string): 'cgroup' | 'ifname' | undefined {
    const program = this.programs.find((known) => known.name === name);
    return program && targetKind(program);
  }

  /** Each with the descriptor by which another process can use it. */
  maps(): readonly LentMap[] {
    const native = this.#phase.use();
    return native.maps().map((map) => ({ ...map, descriptor: native.mapDescriptor(map.name) }));
  }

  /**
   * Attaches a program to what its section says, or to a target where its type takes one: a cgroup's folder or an interface. Programs of other
   * types do not look at it.
   *
   * @throws EBPM_PROGRAM_UNKNOWN and what `LoadedObject.attach` throws
   */
  attach(name: string, target: string | undefined): void {
    const native = this.#phase.use();
    const program = native.programs().find((known) => known.name === name);
    if (program === undefined) {
      throw new EbpmError('EBPM_PROGRAM_UNKNOWN', `Cannot attach "${name}": "${this.name}" has no such program`);
    }
    this.#openRings(native);
    const attachment = attachProgram(native, program, {}, targetOf(program, target));
    this.#attached.push({ program, attachment });
  }

  /**
   * Attaches all of its programs, as a package's metadata says.
   *
   * @throws what `LoadedObject.attach` throws; those that were attached before stay
   */
  attachAll(settings: ReadonlyMap<string, ProgramSettings>): void {
    const native = this.#phase.use();
    this.#openRings(native);
    this.#attached.push(...attachPrograms(native, { settings }).attached);
  }

  /** The rings of a perf event array for another process to read. @throws EBPM_MAP_UNKNOWN, EBPM_CONSUME_FAILED */
  lendPerf(map: string): LentPerf {
    const native = this.#phase.use();
    findMap(native, map);
    const rings = this.#rings.get(map) ?? openRings(native, map);
    this.#rings.set(map, rings);
    return rings;
  }

  /** Before anything is attached, so that what programs send is there for whoever comes to read it. What cannot be opened is told then. */
  #openRings(native: NativeObject): void {
    if (this.#areRingsOpen) return;
    this.#areRingsOpen = true;
    for (const { name } of native.maps().filter(({ type }) => type === PERF_EVENT_ARRAY)) {
      try {
        this.lendPerf(name);
      } catch (error) {
        if (!(error instanceof EbpmError) || error.code !== 'EBPM_CONSUME_FAILED') throw error;
      }
    }
  }

  /** Detaches within milliseconds, and closes; a process of its own waits for the kernel. Safe to call twice. */
  close(): void {
    detachProgramsLater(this.#attached.splice(0));
    this.#phase.close();
  }
}

/** They stay open with the object. */
function openRings(native: NativeObject, map: string): LentPerf {
  const cpus = onlineCpus();
  const pages = DEFAULT_PERF_BUFFER_PAGES;
  const descriptors = refusedAs('EBPM_CONSUME_FAILED', `Cannot read "${map}"`, () =>
    native.openPerf(map, pages, Int32Array.from(cpus)),
  );
  return { descriptors: [...descriptors], cpus, pages };
}

function targetOf(program: ProgramInfo, target: string | undefined): Targets {
  const wanted = targetKind(program);
  return target !== undefined && wanted !== undefined ? { [wanted]: target } : {};
}

function targetKind({ section }: ProgramInfo): 'cgroup' | 'ifname' | undefined {
  const kind = programKind(section);
  const [wanted] = (kind && programTypeOf(kind)?.targets) ?? [];
  return wanted === 'cgroup' || wanted === 'ifname' ? wanted : undefined;
}
