import { describe, expect, it } from 'vitest';
import { programHelp, programVersion } from '../../src/arguments/program-help.js';
import { programOptions } from '../../src/arguments/program-option.js';
import { kindsPackage } from '../kinds-package.js';
import { optionsPackage } from '../options-package.js';

const KINDS_OPTIONS = [
  '.rodata s8',
  '.rodata u16',
  '.rodata s128',
  '.rodata size',
  '.rodata min_duration_ms',
  '.rodata timeout_s',
  '.rodata color',
  '.rodata wide',
  '.rodata single',
  '.rodata disable-enabled',
  '.rodata ports',
  '.rodata mac',
  '.rodata ratios',
  '.rodata colors',
  '.rodata words',
  '.rodata.tuning depth',
  '.data level',
  '.data.more factor',
  '.bss seen',
  '.bss.more total',
];

describe('programOptions()', () => {
  it('has an option for each variable that a command line can set', () => {
    const names = programOptions(optionsPackage()).map(({ names: [first] }) => first?.long);
    expect(names).toEqual(['target-pid', 'tiny', 'huge', 'mode', 'plain', 'disable-on', 'name', 'ratio', 'counter']);
  });

  it('has options for what only BTF knows, in every data section, and none for pointers, structs and statics', () => {
    const names = programOptions(kindsPackage()).map(({ section, names: [first] }) => `${section} ${first?.long}`);
    expect(names).toEqual(KINDS_OPTIONS);
  });

  it.each([
    ['section', [{ name: '.data', variables: [{ name: 'pid', type: 'int' }] }], 'section ".data"'],
    ['variable', [{ name: '.rodata', variables: [{ name: 'nothing', type: 'int' }] }], 'variable "nothing"'],
  ])('refuses metadata with a %s that the object does not have', (_, data_sections, named) => {
    expect(() => programOptions(optionsPackage({ bpf_skel: { data_sections } }))).toThrow(
      expect.objectContaining({ code: 'EBPM_PACKAGE_INCONSISTENT', message: expect.stringContaining(named) }),
    );
  });
});

describe('programHelp()', () => {
  it('shows type, default and description', () => {
    const pkg = optionsPackage({ bpf_skel: { doc: { brief: 'Brief', details: 'Details', version: '1.2' } } });
    expect(programHelp(pkg, programOptions(pkg))).toBe(`Brief

Usage: options_bpf [OPTIONS]

Options:
  -p, --target-pid <pid_t>         Only this [default: 0]
      --tiny <unsigned char>       Set value of \`unsigned char\` variable tiny [default: 3]
      --huge <unsigned long long>  Set value of \`unsigned long long\` variable huge [default: 1]
      --mode <enum mode>           Set value of \`enum mode\` variable mode [one of QUIET, LOUD, or a number] [default: QUIET]
      --plain                      Set value of \`_Bool\` variable plain [default: false]
      --disable-on                 Set value of \`_Bool\` variable on [default: true]
      --name <char[8]>             Set value of \`char[8]\` variable name [default: "abc"]
      --ratio <double>             Set value of \`double\` variable ratio [default: 0.5]
      --counter <long>             Set value of \`long\` variable counter [default: 0]
  -h, --help                       Print this help
  -V, --version                    Print the version
      --verbose                    Accepted, as eunomia-bpf's loader accepts it; has no effect

Details
`);
    expect(programVersion(pkg)).toBe('1.2');
  });

  it('shows control characters of a package as escapes', () => {
    const pkg = optionsPackage({ bpf_skel: { doc: { brief: 'a\u001b[31mb' } } });
    expect(programHelp(pkg, [])).toContain('a\\x1b[31mb');
  });
});
