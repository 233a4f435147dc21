import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FormatPattern } from '../../src/trace/format-pattern.js';

describe('FormatPattern', () => {
  it.each([
    ['kill(%d, %d)', 'kill(12, -9)', true],
    ['kill(%d, %d)', 'kill(12, -9) ', false],
    ['kill(%d, %d)', 'kill(, -9)', false],
    ['kill(%d, %d)', 'xkill(12, -9)', false],
    ['100%% of %s\n', '100% of a b%c', true],
    ['100%% of %s\n', '100 of x', false],
    ['%s', '', true],
    ['%s=%s', 'a=b=c', true],
    ['%s=%s', 'abc', false],
    ['0x%llx %016lx', '0xdeadbeef 00000000deadbeef', true],
    ['0x%llx', '0xxyz', false],
    ['%-5d|%5u|%+i', '7    |    7|+7', true],
    ['at %pS from %pI4', 'at do_idle+0x10/0x20 [mod] from 127.0.0.1', true],
    ['%c%c', 'ab', true],
    ['%c%c', 'abc', false],
    ['a.*b', 'a.*b', true],
    ['a.*b', 'axxb', false],
    ['', '', true],
    ['', 'x', false],
  ])('FormatPattern of %j on %j: %s', (format, message, matches) => {
    expect(new FormatPattern(format).matches(message)).toBe(matches);
  });

  it('FormatPattern matches whatever a format has printed', () => {
    const literal = fc.string({ unit: fc.constantFrom('a', '(', '.', '*', ' ', '7', '\\', 'é') });
    const verb = fc.oneof(
      fc.tuple(fc.constantFrom('%d', '%i', '%ld', '%lld'), fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n).map(String)),
      fc.tuple(fc.constantFrom('%u', '%lu', '%llu'), fc.bigInt(0n, 2n ** 64n - 1n).map(String)),
      fc.tuple(
        fc.constantFrom('%x', '%lx', '%llx'),
        fc.bigInt(0n, 2n ** 64n - 1n).map((value) => value.toString(16)),
      ),
      fc.tuple(fc.constant('%s'), fc.string()),
      fc.tuple(fc.constant('%c'), fc.constantFrom('x', ' ', '%')),
      fc.tuple(fc.constant('%%'), fc.constant('%')),
      fc.tuple(literal, fc.constant('')).map(([text]) => [text, text] as [string, string]),
    );
    fc.assert(
      fc.property(fc.array(verb, { maxLength: 10 }), (parts) => {
        const format = parts.map(([written]) => written).join('');
        const message = parts.map(([, printed]) => printed).join('');
        expect(new FormatPattern(format).matches(message)).toBe(true);
      }),
    );
  });

  it('FormatPattern is not made slow by many runs that could end anywhere', () => {
    const pattern = new FormatPattern(`${'%s%c'.repeat(250)}!`);
    expect(pattern.matches('a'.repeat(1000))).toBe(false);
  });
});
