import { EbpmError, type EunomiaMeta, readPackageContent } from '@ebpm/formats';
import { CheckedObject } from '@ebpm/object';
import { MAX_OBJECT_NAME_BYTES } from '../limits.js';
import type { RunnablePackage } from '../runnable-package.js';
import { type EventTypeChoice, withEventTypes } from './event-types.js';
import { objectMeta, objectNameOf } from './object-meta.js';
import { seedEventTypes } from './seed-event-types.js';
import { seedMeta } from './seed-meta.js';

/** What is known of a file beside its bytes. */
export interface OpenPackageOptions {
  /** Its name, for errors and for an object that has no other; default `package.json`. */
  readonly source?: string;
  /** The object that lies beside a file with nothing but metadata. */
  readonly object?: Uint8Array | undefined;
  /** Of which structs events are, where the package does not say it or is not to be believed. */
  readonly eventTypes?: readonly EventTypeChoice[] | undefined;
}

/**
 * Reads whatever can be run: a package of any release of eunomia-bpf, an object with or without metadata, an archive with kernels'
 * BTF. It is told apart by what is in it, never by its name.
 *
 * @throws the codes of `readPackageContent` and `CheckedObject.read`, EBPM_OBJECT_MISSING, EBPM_PACKAGE_INCONSISTENT,
 *   EBPM_EVENT_TYPE_UNKNOWN
 */
export function openPackage(bytes: Uint8Array, options: OpenPackageOptions = {}): RunnablePackage {
  const { source = 'package.json', eventTypes = [] } = options;
  const content = readPackageContent(bytes, source);
  switch (content.kind) {
    case 'elf': {
      const checked = CheckedObject.read(content.object);
      return withEventTypes(packageOf(checked, objectMeta(checked.object, objectNameOf(source))), eventTypes);
    }
    case 'seed': {
      const checked = CheckedObject.read(content.object);
      const { object, choices } = seedEventTypes(content.seed, checked.object, checked.bytes);
      const pkg = { ...packageOf(checked, seedMeta(content.seed, object)), object };
      return withEventTypes(pkg, [...choices, ...eventTypes]);
    }
    case 'skel': {
      const checked = CheckedObject.read(besideObject(options.object, source));
      checkBelongs(checked, content.meta, source);
      return withEventTypes(packageOf(checked, content.meta), eventTypes);
    }
    case 'tar': {
      const pkg = packageOf(CheckedObject.read(content.object), content.meta);
      return withEventTypes({ ...pkg, kernelBtfs: content.kernelBtfs }, eventTypes);
    }
    case 'eunomia':
      return withEventTypes(packageOf(CheckedObject.read(content.object), content.meta), eventTypes);
  }
}

function packageOf(checked: CheckedObject, meta: EunomiaMeta): RunnablePackage {
  checkName(meta.bpf_skel.obj_name);
  return { name: meta.bpf_skel.obj_name, checked, object: checked.object, meta };
}

/** libbpf takes it as a C string, and opens no object with a longer one. */
function checkName(name: string): void {
  if (Buffer.byteLength(name) <= MAX_OBJECT_NAME_BYTES && !name.includes('\0')) return;
  throw new EbpmError(
    'EBPM_PACKAGE_INCONSISTENT',
    `Cannot use the name ${JSON.stringify(name.slice(0, 50))} of an object: wanted at most ${MAX_OBJECT_NAME_BYTES} bytes and no NUL`,
  );
}

function besideObject(object: Uint8Array | undefined, source: string): Uint8Array {
  if (object !== undefined) return object;
  const isFile = source !== '-' && !/^https?:/i.test(source);
  throw new EbpmError(
    'EBPM_OBJECT_MISSING',
    `Cannot use "${source}": it is metadata alone, ${isFile ? 'and no object lies beside it' : 'and only a file has its object beside it'}`,
    { hint: objectCure(source, isFile) },
  );
}

function objectCure(source: string, isFile: boolean): string {
  const file = source.replace(/[?#].*$/, '').replace(/^.*\//, '');
  const name = file.replace(/(\.skel)?\.json$/, '').replace(/^-?$/, 'x');
  if (isFile) return `Put its object beside it, as ${name}.bpf.o or ${name}.o, or name that object instead`;
  return `Save it as ${name}.skel.json and its object as ${name}.bpf.o in one folder, and name ./${name}.skel.json`;
}

/** Metadata of one object with another would attach what nobody meant to. */
function checkBelongs({ object }: CheckedObject, { bpf_skel: { progs } }: EunomiaMeta, source: string): void {
  const names = new Set(object.programs.map(({ name }) => name));
  const missing = progs.find(({ name }) => !names.has(name));
  if (missing === undefined) return;
  throw new EbpmError(
    'EBPM_PACKAGE_INCONSISTENT',
    `Cannot use "${source}" with the object beside it: the object has no program "${missing.name}"`,
    { hint: 'Compile both again, or name the object alone' },
  );
}
