import type { EunomiaDataSection } from '@ebpm/formats';
import { CheckedObject } from '@ebpm/object';
import { describe, expect, it } from 'vitest';
import { compileFixture } from '../../../../test/support/compile-fixture.js';
import { parseProgramArguments } from '../../src/arguments/parse-program-arguments.js';
import { programOptions } from '../../src/arguments/program-option.js';
import type { RunnablePackage } from '../../src/runnable-package.js';

const CHECKED = CheckedObject.read(compileFixture(new URL('../fixtures/arg-builder.bpf.c', import.meta.url)));

/** What eunomia-bpf's loader makes of this metadata is known: its own test has the same. */
const VARIABLES = [
  { name: 'const_val_1', type: 'int', cmdarg: { default: 12345, long: 'cv1', short: '1' } },
  { name: 'const_val_2', type: 'int' },
  { name: 'const_val_3', type: 'char[128]' },
  { name: 'boolflag', type: 'bool' },
  {
    name: 'boolflag_with_default_true',
    type: 'bool',
    cmdarg: { default: true, long: 'boolflag-with-default-true' },
  },
  {
    name: 'boolflag_with_default_false',
    type: 'bool',
    cmdarg: { default: false, long: 'boolflag-with-default-false', short: 'f' },
  },
];
const BSS_VARIABLES = ['bss_val_1', 'bss_val_2', 'bss_val_3'].map((name) => ({ name, type: 'int' }));
const DATA_SECTIONS: unknown = [
  { name: '.rodata', variables: VARIABLES },
  { name: '.bss', variables: BSS_VARIABLES },
];
const PKG: RunnablePackage = {
  name: 'args_bpf',
  checked: CHECKED,
  object: CHECKED.object,
  meta: {
    export_types: [],
    bpf_skel: {
      obj_name: 'args_bpf',
      maps: [],
      progs: [],
      data_sections: DATA_SECTIONS as EunomiaDataSection[],
    },
  },
};
const OPTIONS = programOptions(PKG);

function bytes(...words: string[]): Record<string, string> {
  const parsed = parseProgramArguments(OPTIONS, words);
  if (parsed.wants !== 'run') throw new Error(`it wants ${parsed.wants}`);
  return Object.fromEntries(
    parsed.values.map(({ option, bytes }) => [
      option.variable,
      Buffer.from(bytes)
        .toString('hex')
        .replace(/(00)+$/, ''),
    ]),
  );
}

const DEFAULTS = { const_val_1: '3930', boolflag_with_default_true: '01', boolflag_with_default_false: '' };

describe('programOptions(), of the metadata that eunomia-bpf tests its loader with', () => {
  it('shows the options that the newest loader has', () => {
    expect(OPTIONS.map(({ names: [first], short }) => [first?.long, short])).toEqual([
      ['cv1', '1'],
      ['const_val_2', undefined],
      ['const_val_3', undefined],
      ['boolflag', undefined],
      ['disable-boolflag-with-default-true', undefined],
      ['enable-boolflag-with-default-false', 'f'],
      ['bss_val_1', undefined],
      ['bss_val_2', undefined],
      ['bss_val_3', undefined],
    ]);
  });

  it.each<[string[], Record<string, string>]>([
    [[], {}],
    [['--cv1', '54321', '--const_val_2', '-1'], { const_val_1: '31d4', const_val_2: 'ffffffff' }],
    [['-1', '7', '--const_val_3', 'abc'], { const_val_1: '07', const_val_3: '616263' }],
    [['--boolflag'], { boolflag: '01' }],
    [['--disable-boolflag-with-default-true'], { boolflag_with_default_true: '' }],
    [['--enable-boolflag-with-default-false'], { boolflag_with_default_false: '01' }],
    // As the older loader spells it.
    [['--boolflag-with-default-false'], { boolflag_with_default_false: '01' }],
    [['-f'], { boolflag_with_default_false: '01' }],
    [
      ['--bss_val_1', '1', '--bss_val_2', '2', '--bss_val_3', '3'],
      { bss_val_1: '01', bss_val_2: '02', bss_val_3: '03' },
    ],
  ])('sets with %j what both loaders set', (words, expected) => {
    expect(bytes(...words)).toEqual({ ...DEFAULTS, ...expected });
  });
});
