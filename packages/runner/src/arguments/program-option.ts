import { EbpmError, type EunomiaVariable } from '@ebpm/formats';
import type { Btf, DataSection, DataVariable } from '@ebpm/object';
import { MAX_OPTION_SECTION_BYTES } from '../limits.js';
import type { RunnablePackage } from '../runnable-package.js';
import { type ValueKind, valueKind } from './value-kind.js';

/** What an option can be set to: as typed, or as a package writes a default. */
export type OptionValue = boolean | number | string | readonly (boolean | number | string)[];

/** One option of a program: a global variable that can be set before the object is loaded. */
export interface ProgramOption {
  /** The variable's name in the source. */
  readonly variable: string;
  /** Section that holds it, such as `.rodata`. */
  readonly section: string;
  readonly offsetBytes: number;
  readonly kind: ValueKind;
  /** C text of the type, for help. */
  readonly typeName: string;
  /** Long names without dashes; a flag has several. The first is shown in help. */
  readonly names: readonly OptionName[];
  /** One character, or undefined. */
  readonly short: string | undefined;
  /** What is written when the option is not given; undefined leaves what the object was compiled with. */
  readonly defaultValue: OptionValue | undefined;
  /** What the object was compiled with; undefined where that is all zeros. */
  readonly initialBytes: Uint8Array | undefined;
  readonly help: string;
}

/** A spelling of an option; `sets` is what it means for a flag. */
export interface OptionName {
  readonly long: string;
  readonly sets: boolean | undefined;
}

/** What makes a variable an option says nothing to who sets it. */
const QUALIFIERS = /\b(const|volatile) /g;

/** Pointer variables by which eunomia-bpf's compiler keeps types in BTF: not for people. */
const PINNED_TYPE = /^__eunomia_dummy/;

/**
 * The options of a package: the variables that its metadata lists, in that order, then the other global variables of the
 * object's data sections. Variables whose type cannot be typed on a command line (pointers, structs) have none.
 *
 * @throws EBPM_PACKAGE_INCONSISTENT when the metadata names a variable that the object does not have
 */
export function programOptions(pkg: RunnablePackage): readonly ProgramOption[] {
  const { btf, dataSections } = pkg.object;
  if (btf === undefined) return [];
  const { data_sections: common, ebpm_data_sections: own = [] } = pkg.meta.bpf_skel;
  const described = [...common, ...own].flatMap(({ name, variables }) =>
    variables.map((variable) => ({ section: dataSection(pkg, name), variable })),
  );
  const listed = new Set(described.map(({ section, variable }) => `${section.name}\0${variable.name}`));
  const others = dataSections.flatMap((section) =>
    section.variables
      // Static variables are their file's own matter.
      .filter(({ name, linkage }) => linkage !== 'static' && !listed.has(`${section.name}\0${name}`))
      .map(({ name }) => ({ section, variable: { name, type: '' } })),
  );
  return [...described, ...others]
    .filter(({ variable }) => !PINNED_TYPE.test(variable.name))
    .flatMap(({ section, variable }) => option(btf, section, variable));
}

function option(btf: Btf, section: DataSection, described: EunomiaVariable): ProgramOption[] {
  const variable = dataVariable(section, described.name);
  const kind = valueKind(btf, variable.typeId);
  if (kind === undefined || section.sizeBytes > MAX_OPTION_SECTION_BYTES) return [];
  const { cmdarg } = described;
  const { offsetBytes } = variable;
  const defaultValue = optionValue(cmdarg?.default ?? described.value);
  const initialBytes = section.bytes?.subarray(offsetBytes, offsetBytes + kind.sizeBytes);
  const typeName = btf.nameOf(variable.typeId).replace(QUALIFIERS, '');
  const long = cmdarg?.long ?? variable.name;
  return [
    {
      variable: variable.name,
      section: section.name,
      offsetBytes,
      kind,
      typeName,
      names:
        kind.kind === 'bool'
          ? flagNames(long, shownFlag(long, defaultValue, initialBytes))
          : [{ long, sets: undefined }],
      short: cmdarg?.short,
      defaultValue,
      initialBytes,
      help: cmdarg?.help ?? described.description ?? `Set value of \`${typeName}\` variable ${variable.name}`,
    },
  ];
}

/**
 * eunomia-bpf's loaders spell a flag by its default: `--x`, `--disable-x` where it is on, `--enable-x` where it is off.
 * Which of them a script was written for is unknown, so all are taken.
 */
function flagNames(long: string, shown: string): readonly OptionName[] {
  const names = [
    { long, sets: true },
    { long: `enable-${long}`, sets: true },
    { long: `disable-${long}`, sets: false },
  ];
  return names.sort((a, b) => Number(b.long === shown) - Number(a.long === shown));
}

/** The spelling that help shows: the newest loader's, or the one that changes something. */
function shownFlag(long: string, defaultValue: OptionValue | undefined, initial: Uint8Array | undefined): string {
  const isOn = defaultValue === undefined ? initial?.[0] === 1 : defaultValue === true || defaultValue === 1;
  if (isOn) return `disable-${long}`;
  return defaultValue === undefined ? long : `enable-${long}`;
}

function optionValue(value: unknown): OptionValue | undefined {
  if (isScalar(value)) return value;
  return Array.isArray(value) && value.every(isScalar) ? value : undefined;
}

function isScalar(value: unknown): value is boolean | number | string {
  return typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string';
}

function dataSection(pkg: RunnablePackage, name: string): DataSection {
  const section = pkg.object.dataSections.find((candidate) => candidate.name === name);
  if (section !== undefined) return section;
  throw new EbpmError(
    'EBPM_PACKAGE_INCONSISTENT',
    `Cannot read the options of "${pkg.name}": its metadata names section "${name}", which its object does not have`,
  );
}

function dataVariable(section: DataSection, name: string): DataVariable {
  const variable = section.variables.find((candidate) => candidate.name === name);
  if (variable !== undefined) return variable;
  throw new EbpmError(
    'EBPM_PACKAGE_INCONSISTENT',
    `Cannot read the options of section "${section.name}": its metadata names variable "${name}", which the object does not have`,
  );
}
