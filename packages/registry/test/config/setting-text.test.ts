import { describe, expect, it } from 'vitest';
import type { Setting, SettingType } from '../../src/config/setting-table.js';
import { parseSetting, settingText } from '../../src/config/setting-text.js';

const settingOf = (type: SettingType) => ({ type }) as Setting;

describe('parseSetting()', () => {
  it.each([
    ['string', 'true', 'true'],
    ['integer', '12', 12],
    ['integer', '-1', -1],
    ['integer', '1e3', '1e3'],
    ['integer', '9'.repeat(16), '9'.repeat(16)],
    ['boolean', 'true', true],
    ['boolean', 'false', false],
    ['boolean', 'yes', 'yes'],
    ['boolean', false, false],
    ['list', 'a, b,,', ['a', 'b']],
    ['list', '', []],
    ['json', '[{"a":1}]', [{ a: 1 }]],
    ['json', '[{', '[{'],
  ] as const)('reads the %s "%s"', (type, text, value) => {
    expect(parseSetting(settingOf(type), text)).toEqual(value);
  });
});

describe('settingText()', () => {
  it.each([
    ['x', 'x'],
    [12, '12'],
    [false, 'false'],
    [['a', 'b'], 'a,b'],
    [[{ a: 1 }], '[{"a":1}]'],
  ])('writes %j', (value, text) => {
    expect(settingText(value)).toBe(text);
  });
});
