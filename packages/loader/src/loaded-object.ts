import { type AttachOptions, attachPrograms } from './attach-programs.js';
import type { NativeObject } from './binding.js';
import { DrivenObject } from './guest/driven-object.js';
import type { MapInfo, ProgramInfo } from './object-info.js';
import { Phase } from './phase.js';
import { type MapEntry, readMap } from './read-map.js';
import { countRefusals, type RefusalCounter } from './refusal-counter.js';
import { RunningObject } from './running-object.js';

/** An object whose maps and programs are in the kernel; nothing runs yet. */
export class LoadedObject {
  readonly name: string;
  readonly #phase: Phase;

  /** Made by `OpenObject.load`. */
  constructor(native: NativeObject, name: string) {
    this.#phase = new Phase(native);
    this.name = name;
  }

  get programs(): readonly ProgramInfo[] {
    return this.#phase.use().programs();
  }

  get maps(): readonly MapInfo[] {
    return this.#phase.use().maps();
  }

  /** As `RunningObject.readMap`. */
  readMap(map: string): readonly MapEntry[] {
    return readMap(this.#phase.use(), map);
  }

  /**
   * Counts what the object's maps refuse from now on, exactly; undefined when it has no map of such a type.
   * It outlives this phase: the caller closes it, after the programs are detached.
   *
   * @throws EBPM_REFUSALS_UNCOUNTED
   */
  countRefusals(): RefusalCounter | undefined {
    return countRefusals(this.#phase.use());
  }

  /**
   * Attaches the loaded programs and ends this phase. After a failure everything is detached and closed.
   * @throws EBPM_ATTACH_FAILED, EBPM_ATTACH_TARGET_MISSING, EBPM_TARGET_MISSING, EBPM_NOT_SUPPORTED, EBPM_NOT_PERMITTED,
   *   EBPM_REMAINS_UNWRITABLE; `data` has errno, syscall, program, section
   */
  attach(options: AttachOptions = {}): RunningObject {
    const native = this.#phase.handOn('has been attached');
    try {
      return new RunningObject(native, this.name, attachPrograms(native, options));
    } catch (error) {
      native.close();
      throw error;
    }
  }

  /** Ends this phase without attaching anything: programs are then attached one by one, for a guest. */
  drive(): DrivenObject {
    return new DrivenObject(this.#phase.handOn('is driven by a guest'), this.name);
  }

  /** Safe to call twice, and after `attach()`. */
  close(): void {
    this.#phase.close();
  }
}
