import { describe, expect, it } from 'vitest';
import Run from '../src/commands/run.js';
import { splitRunArgv } from '../src/split-run-argv.js';

const FLAGS = { ...Run.baseFlags, ...Run.flags };

/** The words as typed, then what goes to ebpm, the package, and what goes to the program. */
const TABLE: readonly (readonly [string, string, string | undefined, string])[] = [
  ['X', '', 'X', ''],
  ['X --json', '', 'X', '--json'],
  ['X --help', '', 'X', '--help'],
  ['--json X -- -h', '--json', 'X', '-h'],
  ['--duration 5s X --duration 7', '--duration 5s', 'X', '--duration 7'],
  ['--duration=5s X --duration=7', '--duration=5s', 'X', '--duration=7'],
  ['-d 5s X -d 7', '-d 5s', 'X', '-d 7'],
  ['-d5s X', '-d5s', 'X', ''],
  ['-d=5s X', '-d=5s', 'X', ''],
  ['-jd 5s X', '-jd 5s', 'X', ''],
  ['-jd5s X', '-jd5s', 'X', ''],
  ['-dj X', '-dj', 'X', ''],
  ['-j X -j', '-j', 'X', '-j'],
  ['--json=x X', '--json=x', 'X', ''],
  ['--kernel 6.12 -n 3 --max-events 4 X y z', '--kernel 6.12 -n 3 --max-events 4', 'X', 'y z'],
  ['--duration --json X', '--duration --json', 'X', ''],
  ['--duration', '--duration', undefined, ''],
  ['-d', '-d', undefined, ''],
  ['--no-such-flag X', '--no-such-flag', 'X', ''],
  ['-q X', '-q', 'X', ''],
  ['--help', '--help', undefined, ''],
  ['--help X', '--help', 'X', ''],
  ['-- X', '', 'X', ''],
  ['-- --json', '', '--json', ''],
  ['--json -- X --json', '--json', 'X', '--json'],
  ['-- X -- y', '', 'X', 'y'],
  ['X -- -- y', '', 'X', '-- y'],
  ['X y -- z', '', 'X', 'y -- z'],
  ['-', '', '-', ''],
  ['--json - --json', '--json', '-', '--json'],
  ['', '', undefined, ''],
  ['--', '', undefined, ''],
  ['--json', '--json', undefined, ''],
];

function words(text: string): readonly string[] {
  return text.split(' ').filter((word) => word !== '');
}

describe('splitRunArgv()', () => {
  it.each(TABLE)('splitRunArgv() gives of "run %s" the words "%s" to ebpm, and runs %s', (argv, own, spec, rest) => {
    expect(splitRunArgv(words(argv), FLAGS)).toEqual({ own: words(own), spec, rest: words(rest) });
  });

  it('splitRunArgv() leaves an empty word to be the package, and empty words to the program', () => {
    expect(splitRunArgv(['', ''], FLAGS)).toEqual({ own: [], spec: '', rest: [''] });
  });

  it('splitRunArgv() knows of no flag by the name of a property that every object has', () => {
    expect(splitRunArgv(['--constructor', 'X'], FLAGS)).toEqual({ own: ['--constructor'], spec: 'X', rest: [] });
  });
});
