import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAnnotations } from '../../src/source/annotations.js';

const read = (text: string) => readAnnotations(text, 'x');

describe('readAnnotations()', () => {
  it.each<[string, unknown]>([
    ['', {}],
    ['plain text', { description: 'plain text' }],
    ['first\nparagraph\n\nsecond', { description: 'first paragraph\n\nsecond' }],
    ['plain\n@description said', { description: 'said' }],
    ['@description 5', { description: '5' }],
    ['@description {not JSON}', { description: '{not JSON}' }],
    ['@ifindex 1', { ifindex: 1 }],
    ['@flag when a process starts', { flag: 'when a process starts' }],
    ['@flag', { flag: true }],
    ['@kind "a"\n@list [1, 2]\n@other [a]', { kind: 'a', list: [1, 2], other: '[a]' }],
    ['\\brief a\n\\version 0.1', { brief: 'a', version: '0.1' }],
    ['@version 1\n@details {"a": 1}', { version: '1', details: '{"a": 1}' }],
    ['@sample {"interval": 1000,\n "type": "log2_hist"}', { sample: { interval: 1000, type: 'log2_hist' } }],
    ['@cmdarg {"help": "}{ @me \\" {"} and text', { cmdarg: { help: '}{ @me " {' }, description: 'and text' }],
    ['before @key 1\n\nafter', { key: 1, description: 'before\n\nafter' }],
    ['mail me@home or @ home', { description: 'mail me@home or @ home' }],
    ['@intepreter {"stack_trace":{}}', { intepreter: { stack_trace: {} } }],
    ['@key 1\n@key 2', { key: 2 }],
  ])('reads %j', (text, annotations) => {
    expect(read(text)).toEqual(annotations);
  });

  it.each(['@cmdarg {"default": 0, short: "p"}', '@cmdarg {', '@cmdarg {"a": 1}}'.slice(0, -2), '@cmdarg {"a":\n\n1}'])(
    'refuses %j, which begins like JSON and is none',
    (text) => {
      expect(() => read(text)).toThrow(
        expect.objectContaining({
          code: 'EBPM_BUILD_ANNOTATION',
          message: 'Cannot read @cmdarg of "x": its text is not JSON',
        }),
      );
    },
  );

  it('gives any JSON object back', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const text = JSON.stringify(value);
        // What stands in a comment has single spaces.
        fc.pre(!/ {2,}|__proto__/.test(text));
        expect(read(`@key ${text}`)).toEqual({ key: JSON.parse(text) });
      }),
    );
  });
});
