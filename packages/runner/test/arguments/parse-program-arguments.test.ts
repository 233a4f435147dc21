import { describe, expect, it } from 'vitest';
import { parseProgramArguments } from '../../src/arguments/parse-program-arguments.js';
import { programOptions } from '../../src/arguments/program-option.js';
import { optionsPackage } from '../options-package.js';

const OPTIONS = programOptions(optionsPackage());

/** What each variable was set to, as bytes in hex. */
function values(...words: string[]): Record<string, string> {
  const parsed = parseProgramArguments(OPTIONS, words);
  if (parsed.wants !== 'run') throw new Error(`it wants ${parsed.wants}`);
  return Object.fromEntries(
    parsed.values.map(({ option, bytes }) => [option.variable, Buffer.from(bytes).toString('hex')]),
  );
}

const DEFAULTS = { pid: '00000000', on: '01' };

describe('parseProgramArguments()', () => {
  it('writes the defaults of the metadata and leaves other variables as they were compiled', () => {
    expect(values()).toEqual(DEFAULTS);
  });

  it.each<[string[], Record<string, string>]>([
    [['--target-pid', '-2'], { pid: 'feffffff' }],
    [['--target-pid=7'], { pid: '07000000' }],
    [['-p', '258'], { pid: '02010000' }],
    [['-p258'], { pid: '02010000' }],
    [['--tiny', '255'], { tiny: 'ff' }],
    [['--huge', '18446744073709551615'], { huge: 'ffffffffffffffff' }],
    [['--mode', '7'], { mode: '07000000' }],
    [['--plain'], { plain: '01' }],
    [['--enable-plain'], { plain: '01' }],
    [['--disable-plain'], { plain: '00' }],
    [['--disable-on'], { on: '00' }],
    [['--on'], { on: '01' }],
    [['--on=false'], { on: '00' }],
    [['--plain=true'], { plain: '01' }],
    [['--name', 'seven77'], { name: '736576656e373700' }],
    [['--ratio', '-1.5'], { ratio: '000000000000f8bf' }],
    [['--tiny', '1', '--tiny', '2'], { tiny: '02' }],
  ])('reads %j', (words, expected) => {
    expect(values(...words)).toEqual({ ...DEFAULTS, ...expected });
  });

  it.each([
    [['--no-such'], 'EBPM_ARGUMENT_UNKNOWN', 'Cannot read "--no-such": the program has no such option'],
    [['-x'], 'EBPM_ARGUMENT_UNKNOWN', 'Cannot read "-x": the program has no such option'],
    [['stray'], 'EBPM_ARGUMENT_UNKNOWN', 'Cannot read "stray": the program has no such option'],
    [['--pointer', '1'], 'EBPM_ARGUMENT_UNKNOWN', 'Cannot read "--pointer": the program has no such option'],
    [['--tiny'], 'EBPM_ARGUMENT_INVALID', 'Cannot read "--tiny": it needs a value (unsigned char)'],
    [['--plain=2'], 'EBPM_ARGUMENT_INVALID', 'Cannot set "--plain" (_Bool) to "2": it takes "true" or "false"'],
    [['--enable-plain=1'], 'EBPM_ARGUMENT_INVALID', 'Cannot read "--enable-plain=1": this option takes no value'],
    [
      ['--tiny', '256'],
      'EBPM_ARGUMENT_INVALID',
      'Cannot set "--tiny" (unsigned char) to "256": it takes a number from 0 to 255',
    ],
    [
      ['--tiny', '-1'],
      'EBPM_ARGUMENT_INVALID',
      'Cannot set "--tiny" (unsigned char) to "-1": it takes a number from 0 to 255',
    ],
    [
      ['-p', '2147483648'],
      'EBPM_ARGUMENT_INVALID',
      'Cannot set "--target-pid" (pid_t) to "2147483648": it takes a number from -2147483648 to 2147483647',
    ],
    [
      ['-p', 'x'],
      'EBPM_ARGUMENT_INVALID',
      'Cannot set "--target-pid" (pid_t) to "x": it takes a number such as "10", "0x1f" or "4K"',
    ],
    [
      ['-p', ''],
      'EBPM_ARGUMENT_INVALID',
      'Cannot set "--target-pid" (pid_t) to "": it takes a number such as "10", "0x1f" or "4K"',
    ],
    [
      ['--name', 'eight888'],
      'EBPM_ARGUMENT_INVALID',
      'Cannot set "--name" (char[8]) to "eight888": it takes at most 7 bytes',
    ],
    [
      ['--ratio', 'NaN'],
      'EBPM_ARGUMENT_INVALID',
      'Cannot set "--ratio" (double) to "NaN": it takes a number such as "0.5", "0x1f" or "4K"',
    ],
  ])('refuses %j', (words, code, message) => {
    expect(() => parseProgramArguments(OPTIONS, words)).toThrow(expect.objectContaining({ code, message }));
  });

  it.each([
    ['-h', 'help'],
    ['--help', 'help'],
    ['-V', 'version'],
    ['--version', 'version'],
  ])('takes %s for a wish for %s', (word, wants) => {
    expect(parseProgramArguments(OPTIONS, [word])).toEqual({ wants });
  });
});
