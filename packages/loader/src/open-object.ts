import { EbpmError } from '@ebpm/formats';
import { CheckedObject } from '@ebpm/object';
import { loadBinding, type NativeObject } from './binding.js';
import { effectiveCapabilities } from './capabilities.js';
import { findMap } from './find-map.js';
import { MAX_OBJECT_NAME_BYTES } from './limits.js';
import { loadFailure } from './load-failure.js';
import { LoadedObject } from './loaded-object.js';
import { isNativeFailure } from './native-failure.js';
import { neededCapabilities } from './needed-capabilities.js';
import type { MapInfo, ProgramInfo } from './object-info.js';
import { Phase } from './phase.js';
import { lacksFeature } from './program-types/lacks-feature.js';
import { preparePrograms } from './program-types/prepare-programs.js';
import { refusedAs } from './refused-as.js';

const ENOENT = 2;

export interface OpenOptions {
  /** The object's name: 1 to 255 bytes. The kernel shows its start in the names of the data sections' maps. */
  readonly name: string;
  /** BTF of the kernel, to be used instead of its own for CO-RE: the path of a file, or bytes. */
  readonly btf?: string | Uint8Array | undefined;
}

/**
 * Opens an eBPF object: the first of its three phases. Nothing has reached the kernel yet.
 * Bytes are copied first and go through our own reader before libbpf sees them; a checked object has been through it.
 *
 * @throws EBPM_LOADER_UNAVAILABLE, EBPM_OPEN_FAILED and what `CheckedObject.read` throws
 */
export function openObject(object: Uint8Array | CheckedObject, options: OpenOptions): OpenObject {
  checkName(options.name);
  const { bytes } = CheckedObject.is(object) ? object : CheckedObject.read(object);
  const { BpfObject } = loadBinding();
  const native = refusedAs(
    'EBPM_OPEN_FAILED',
    `Cannot open "${options.name}"`,
    () => new BpfObject(bytes, options.name, options.btf),
  );
  return new OpenObject(native, options.name);
}

/** An object that is not in the kernel yet: set its globals, choose its programs, then `load()`. */
export class OpenObject {
  readonly name: string;
  readonly #phase: Phase;

  /** Made by `openObject`. */
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

  /** Chooses whether a program is loaded and attached. @throws EBPM_PROGRAM_UNKNOWN */
  setAutoload(program: string, autoload: boolean): void {
    try {
      this.#phase.use().setAutoload(program, autoload);
    } catch (error) {
      if (!isNativeFailure(error) || error.errno !== ENOENT) throw error;
      const message = `Cannot choose "${program}": "${this.name}" has no such program`;
      throw new EbpmError('EBPM_PROGRAM_UNKNOWN', message, { cause: error });
    }
  }

  /**
   * A copy of the bytes that a data section's map starts with; undefined for other maps.
   * The map goes by its section (`.rodata`) or by libbpf's name. @throws EBPM_MAP_UNKNOWN
   */
  initialValue(map: string): Uint8Array | undefined {
    findMap(this.#phase.use(), map);
    return this.#phase.use().initialValue(map);
  }

  /** Sets all bytes of a data section. @throws EBPM_MAP_UNKNOWN, EBPM_MAP_VALUE_INVALID */
  setInitialValue(map: string, bytes: Uint8Array): void {
    const wanted = this.initialValue(map)?.byteLength;
    if (wanted === undefined) {
      throw new EbpmError('EBPM_MAP_VALUE_INVALID', `Cannot set "${map}": it is not the map of a data section`);
    }
    if (bytes.byteLength !== wanted) {
      const sizes = `${bytes.byteLength} bytes were given, ${wanted} are wanted`;
      throw new EbpmError('EBPM_MAP_VALUE_INVALID', `Cannot set "${map}": ${sizes}`);
    }
    refusedAs('EBPM_MAP_VALUE_INVALID', `Cannot set "${map}"`, () => this.#phase.use().setInitialValue(map, bytes));
  }

  /** Sets how many entries a map holds (bytes, for a ring buffer). @throws EBPM_MAP_UNKNOWN, EBPM_MAP_VALUE_INVALID */
  setMaxEntries(map: string, maxEntries: number): void {
    const native = this.#phase.use();
    findMap(native, map);
    const action = `Cannot resize "${map}" to ${maxEntries} entries`;
    if (!Number.isInteger(maxEntries) || maxEntries < 1 || maxEntries > 0xffff_ffff) {
      throw new EbpmError('EBPM_MAP_VALUE_INVALID', `${action}: a whole number from 1 to 4294967295 is wanted`);
    }
    refusedAs('EBPM_MAP_VALUE_INVALID', action, () => native.setMaxEntries(map, maxEntries));
  }

  /**
   * Loads maps and programs into the kernel and ends this phase. After a failure everything is closed.
   *
   * @throws EBPM_VERIFIER_REJECTED, EBPM_CORE_RELOCATION, EBPM_BTF_MISSING, EBPM_ATTACH_TARGET_MISSING,
   * EBPM_NOT_SUPPORTED, EBPM_NOT_PERMITTED, EBPM_LOAD_FAILED; `data` has errno, syscall, program and the telling lines of the log
   */
  load(): LoadedObject {
    const native = this.#phase.handOn('has been loaded');
    const programs = native.programs();
    const mapTypes = native.maps().map(({ type }) => type);
    try {
      preparePrograms(native);
      native.load();
    } catch (error) {
      native.close();
      if (!isNativeFailure(error)) throw error;
      const sections = programs.filter(({ autoload }) => autoload).map(({ section }) => section);
      const needed = neededCapabilities(sections, mapTypes);
      const site = { held: effectiveCapabilities(), needed };
      const failure = loadFailure(this.name, error, site);
      const program = programs.find(({ name }) => name === failure.data?.['program']);
      throw (program === undefined ? undefined : lacksFeature(program, this.name, failure)) ?? failure;
    }
    return new LoadedObject(native, this.name);
  }

  /** Safe to call twice, and after `load()`. */
  close(): void {
    this.#phase.close();
  }
}

function checkName(name: string): void {
  const size = Buffer.byteLength(name);
  if (size === 0 || size > MAX_OBJECT_NAME_BYTES || name.includes('\0')) {
    throw new TypeError(`The name of an object has 1 to ${MAX_OBJECT_NAME_BYTES} bytes and no NUL`);
  }
}
