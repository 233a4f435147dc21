import { EbpmError } from '@ebpm/formats';
import { programKind } from '@ebpm/object';
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
    const attachment = attachProgram(native, program, {}, targetOf(program, target));
    this.#attached.push({ program, attachment });
  }

  /**
   * Attaches all of its programs, as a package's metadata says.
   *
   * @throws what `LoadedObject.attach` throws; those that were attached before stay
   */
  attachAll(settings: ReadonlyMap<string, ProgramSettings>): void {
    this.#attached.push(...attachPrograms(this.#phase.use(), { settings }).attached);
  }

  /** Opens the rings of a perf event array for another process to read. @throws EBPM_MAP_UNKNOWN, EBPM_CONSUME_FAILED */
  lendPerf(map: string, pages = DEFAULT_PERF_BUFFER_PAGES): LentPerf {
    const native = this.#phase.use();
    findMap(native, map);
    const cpus = onlineCpus();
    const descriptors = refusedAs('EBPM_CONSUME_FAILED', `Cannot read "${map}"`, () =>
      native.openPerf(map, pages, Int32Array.from(cpus)),
    );
    return { descriptors: [...descriptors], cpus, pages };
  }

  /** Detaches within milliseconds, and closes; a process of its own waits for the kernel. Safe to call twice. */
  close(): void {
    detachProgramsLater(this.#attached.splice(0));
    this.#phase.close();
  }
}

function targetOf({ section }: ProgramInfo, target: string | undefined): Targets {
  const kind = programKind(section);
  const [wanted] = (kind && programTypeOf(kind)?.targets) ?? [];
  return target !== undefined && (wanted === 'cgroup' || wanted === 'ifname') ? { [wanted]: target } : {};
}
