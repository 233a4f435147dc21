import type { EunomiaVariable } from '@ebpm/formats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeValue } from '../../src/arguments/encode-value.js';
import { initialText } from '../../src/arguments/initial-text.js';
import { parseProgramArguments } from '../../src/arguments/parse-program-arguments.js';
import { programHelp } from '../../src/arguments/program-help.js';
import { type OptionValue, type ProgramOption, programOptions } from '../../src/arguments/program-option.js';
import type { RunnablePackage } from '../../src/runnable-package.js';
import { kindsPackage } from '../kinds-package.js';

const PKG = kindsPackage();
const OPTIONS = programOptions(PKG);
const named = (name: string): ProgramOption => {
  const option = OPTIONS.find(({ variable }) => variable === name);
  if (option === undefined) throw new Error(`no option "${name}"`);
  return option;
};
/** A value, written and read again as help would show it. */
const shown = (name: string, value: OptionValue) => initialText(named(name).kind, encodeValue(named(name), value));

describe('encodeValue()', () => {
  it.each<[string, OptionValue, string]>([
    ['s8', '-128', '-128'],
    ['s8', '0x7f', '127'],
    ['s8', '-0x80', '-128'],
    ['u16', '010', '10'],
    ['u16', '0XFFFF', '65535'],
    ['u16', '+5', '5'],
    ['u16', true, '1'],
    ['s128', `${2n ** 127n - 1n}`, `${2n ** 127n - 1n}`],
    ['s128', `${-(2n ** 127n)}`, `${-(2n ** 127n)}`],
    ['size', '4K', '4096'],
    ['size', '4k', '4096'],
    ['size', '1.5Ki', '1536'],
    ['size', '2KiB', '2048'],
    ['size', '2kB', '2000'],
    ['size', '3M', '3145728'],
    ['size', '3MB', '3000000'],
    ['size', '1GiB', '1073741824'],
    ['size', '1T', '1099511627776'],
    ['min_duration_ms', '250', '250'],
    ['min_duration_ms', '250ms', '250'],
    ['min_duration_ms', '1.5s', '1500'],
    ['min_duration_ms', '2000us', '2'],
    ['min_duration_ms', '2m', '120000'],
    ['timeout_s', '1h', '3600'],
    ['timeout_s', '3000ms', '3'],
    ['color', 'GREEN', 'GREEN'],
    ['color', 'BLUE', 'BLUE'],
    ['color', '5', 'GREEN'],
    ['color', '-2', 'BLUE'],
    ['color', '77', '77'],
    ['wide', '0x8000000000000000', '9223372036854775808'],
    ['single', '0.1', '0.1'],
    ['single', '-2.5e3', '-2500'],
    ['single', '4K', '4096'],
    ['factor', '1e300', '1e+300'],
    ['ports', '80,443', '80,443,0'],
    ['ports', '0x50, 1K ,7', '80,1024,7'],
    ['ports', '', '0,0,0'],
    ['ports', [1, 2], '1,2,0'],
    ['mac', '0xde,0xad,0xbe,0xef,0,1', '222,173,190,239,0,1'],
    ['ratios', '0.25', '0.25,0'],
    ['colors', 'GREEN,RED', 'GREEN,RED'],
    ['words', 'one,two', '"one","two"'],
    ['level', '-7', '-7'],
  ])('writes %s = %j so that it reads %s', (name, value, text) => {
    expect(shown(name, value)).toBe(text);
  });

  it.each<[string, OptionValue, string]>([
    ['s8', '128', 'a number from -128 to 127'],
    ['u16', '0x10000', 'a number from 0 to 65535'],
    ['u16', '64K', 'a number from 0 to 65535'],
    ['s128', `${2n ** 127n}`, 'a number from -170141183460469231731687303715884105728'],
    ['s128', '9'.repeat(65), 'a number such as'],
    ['u16', '1.5', 'a whole number'],
    ['u16', '1e3', 'a number such as'],
    ['u16', '0x', 'a number such as'],
    ['u16', '1 2', 'a number such as'],
    ['u16', '5Q', 'a number such as'],
    ['size', '5s', 'a number without unit: its name does not end in _ns, _us, _ms or _s'],
    ['min_duration_ms', '1500us', 'a whole number of milliseconds'],
    ['timeout_s', '100h1', 'a number such as'],
    ['color', 'PURPLE', 'one of RED, GREEN, BLUE, or a number'],
    ['color', '', 'one of RED, GREEN, BLUE, or a number'],
    ['single', '1e39', 'a number that 4 bytes can hold'],
    ['factor', '1e309', 'a number that 8 bytes can hold'],
    ['factor', 'Infinity', 'a number such as "0.5"'],
    ['ports', '1,2,3,4', 'at most 3 values, separated by commas'],
    ['ports', '1,,2', 'a number such as'],
    ['ports', '65536', 'a number from 0 to 65535'],
    ['words', 'four', 'at most 3 bytes'],
    ['level', [1], 'one value'],
  ])('refuses %s = %j: it takes %s', (name, value, wanted) => {
    expect(() => encodeValue(named(name), value)).toThrow(
      expect.objectContaining({
        code: 'EBPM_ARGUMENT_INVALID',
        message: expect.stringContaining(`it takes ${wanted}`),
      }),
    );
  });

  it('holds every integer of a type, in decimal and in hexadecimal, and no other', () => {
    const ints = ['s8', 'u16', 's128', 'size', 'level', 'total'].map(named);
    fc.assert(
      fc.property(fc.constantFrom(...ints), fc.bigInt({ min: -(2n ** 129n), max: 2n ** 129n }), (option, value) => {
        const { kind } = option;
        if (kind.kind !== 'int') throw new Error('not an integer');
        const bits = kind.sizeBytes * 8;
        const fits = (kind.signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value)) === value;
        const hex = `${value < 0n ? '-' : ''}0x${(value < 0n ? -value : value).toString(16)}`;
        for (const text of [String(value), hex]) {
          if (fits) expect(initialText(kind, encodeValue(option, text))).toBe(String(value));
          else expect(() => encodeValue(option, text)).toThrow('it takes a number from');
        }
      }),
    );
  });

  it('keeps every finite double as it is', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const bytes = encodeValue(named('factor'), String(value));
        expect(new DataView(bytes.buffer).getFloat64(0, true) === value).toBe(true);
      }),
    );
  });

  it('refuses or takes any text, and never fails otherwise', () => {
    fc.assert(
      fc.property(fc.constantFrom(...OPTIONS), fc.string({ unit: 'grapheme' }), (option, text) => {
        try {
          expect(encodeValue(option, text).length).toBe(option.kind.sizeBytes);
        } catch (error) {
          expect(error).toMatchObject({ code: 'EBPM_ARGUMENT_INVALID' });
        }
      }),
    );
  });
});

describe('parseProgramArguments(), of defaults', () => {
  it('writes nothing where neither the package nor the command line says something', () => {
    expect(parseProgramArguments(OPTIONS, [])).toEqual({ wants: 'run', values: [], verbose: false });
  });

  it.each<[unknown, string]>([
    [70000, 'it takes a number from 0 to 65535'],
    [2 ** 64, 'JSON numbers of more than 53 bits are not exact'],
    ['many', 'it takes a number such as'],
  ])('calls a default of %j the mistake of the package', (value, reason) => {
    const options = programOptions(withValue('u16', value));
    expect(() => parseProgramArguments(options, [])).toThrow(
      expect.objectContaining({
        code: 'EBPM_PACKAGE_INCONSISTENT',
        message: expect.stringContaining(reason),
        hint: 'Give the value: --u16 VALUE',
      }),
    );
    expect(parseProgramArguments(options, ['--u16', '3'])).toMatchObject({ wants: 'run' });
  });

  it('takes a list as the default of an array', () => {
    const parsed = parseProgramArguments(programOptions(withValue('ports', [1, 2, 3])), []);
    expect(parsed).toMatchObject({ values: [{ bytes: Uint8Array.of(1, 0, 2, 0, 3, 0) }] });
  });
});

describe('programHelp(), of an object without metadata', () => {
  it('shows what each variable was compiled with', () => {
    const lines = programHelp(PKG, OPTIONS).split('\n');
    const defaults = lines.flatMap((line) => /--(\S+).*\[default: (.*)\]$/.exec(line)?.slice(1, 3).join(' = ') ?? []);
    expect(defaults).toEqual([
      's8 = -3',
      'u16 = 65535',
      's128 = -1',
      'size = 4096',
      'min_duration_ms = 10',
      'timeout_s = 60',
      'color = GREEN',
      'wide = 9223372036854775808',
      'single = 0.1',
      'disable-enabled = true',
      'ports = 80,443,0',
      'mac = 1,2,3,0,0,0',
      'ratios = 0.5,2',
      'colors = RED,BLUE',
      'words = "abc","de"',
      'depth = 7',
      'level = -1',
      'factor = 1.5',
      'seen = 0',
      'total = 0',
    ]);
  });
});

function withValue(name: string, value: unknown): RunnablePackage {
  const variable: unknown = { name, type: '', value };
  const data_sections = [{ name: '.rodata', variables: [variable as EunomiaVariable] }];
  return { ...PKG, meta: { ...PKG.meta, bpf_skel: { ...PKG.meta.bpf_skel, data_sections } } };
}
