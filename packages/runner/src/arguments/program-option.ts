import { EbpmError, type EunomiaVariable } from '@ebpm/formats';
import type { Btf, DataSection, DataVariable } from '@ebpm/object';
import type { RunnablePackage } from '../runnable-package.js';
import { type ValueKind, valueKind } from './value-kind.js';

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
  readonly defaultValue: boolean | number | string | undefined;
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
 * The options of a package, in the order of its metadata. Variables whose type cannot be typed on a command line
 * (pointers, structs) have none.
 *
 * @throws EBPM_PACKAGE_INCONSISTENT when the metadata names a variable that the object does not have
 */
export function programOptions(pkg: RunnablePackage): readonly ProgramOption[] {
  const { btf } = pkg.object;
  if (btf === undefined) return [];
  return pkg.meta.bpf_skel.data_sections.flatMap((section) =>
    section.variables
      .filter((variable) => !PINNED_TYPE.test(variable.name))
      .flatMap((variable) => option(btf, dataSection(pkg, section.name), variable)),
  );
}

function option(btf: Btf, section: DataSection, described: EunomiaVariable): ProgramOption[] {
  const variable = dataVariable(section, described.name);
  const kind = valueKind(btf, variable.typeId);
  if (kind === undefined) return [];
  const { cmdarg } = described;
  const defaultValue = scalar(cmdarg?.default ?? described.value);
  const typeName = btf.nameOf(variable.typeId).replace(QUALIFIERS, '');
  return [
    {
      variable: variable.name,
      section: section.name,
      offsetBytes: variable.offsetBytes,
      kind,
      typeName,
      names: optionNames(cmdarg?.long ?? variable.name, kind, defaultValue),
      short: cmdarg?.short,
      defaultValue,
      help: cmdarg?.help ?? described.description ?? `Set value of \`${typeName}\` variable ${variable.name}`,
    },
  ];
}

/**
 * eunomia-bpf's loaders spell a flag by its default: `--x`, `--disable-x` where it is on, `--enable-x` where it is off.
 * Which of them a script was written for is unknown, so all are taken and the newest loader's is shown.
 */
function optionNames(long: string, kind: ValueKind, defaultValue: unknown): readonly OptionName[] {
  if (kind.kind !== 'bool') return [{ long, sets: undefined }];
  const names = [
    { long, sets: true },
    { long: `enable-${long}`, sets: true },
    { long: `disable-${long}`, sets: false },
  ];
  const shown = defaultValue === undefined ? long : `${defaultValue === true ? 'disable' : 'enable'}-${long}`;
  return names.sort((a, b) => Number(b.long === shown) - Number(a.long === shown));
}

function scalar(value: unknown): boolean | number | string | undefined {
  return typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string' ? value : undefined;
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
