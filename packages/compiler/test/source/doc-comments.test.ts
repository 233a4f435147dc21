import { describe, expect, it } from 'vitest';
import { docComments } from '../../src/source/doc-comments.js';

const NAMES = new Set(['prog', 'map', 'value', 'LICENSE']);
const docs = (source: string) => Object.fromEntries(docComments(source, NAMES));

describe('docComments()', () => {
  it.each([
    '/// text\nint value;',
    '/// text\nconst volatile unsigned long long value = map;',
    '//! text\nchar value[16] SEC(".rodata.x") = "x";',
    '/** text */ struct map value;',
    '/*! text */\n\n\nint *value;',
    '/** text */ __hidden int value __aligned(8) __weak;',
    '/** text */ int value, map;',
    '/** text */ struct { int map; } value SEC(".maps");',
    '/** text */ struct __attribute__((packed)) { int map; } value SEC(".maps");',
    'int value = 1; ///< text',
    'int value = 1; /**< text */ int map;',
    '/** text */ SEC(".data") int value = 1;',
    '/** text */ typeof(int) value;',
  ])('finds the comment of a variable in %j', (source) => {
    expect(docs(source)).toEqual({ value: 'text' });
  });

  it.each([
    '/// text\nSEC("tc") int prog(struct map *value) { return value->map; }',
    '/// text\nSEC("tp/a/b")\nint BPF_PROG(prog, int value)\n{\n}',
    '/** text */ SEC("tc") __noinline int prog(void) __attribute__((noinline)) { if (1) { } }',
    '/** text */ int prog(void) __noinline { }',
    '/** text */ int prog(void);',
  ])('finds the comment of a program in %j', (source) => {
    expect(docs(source)).toEqual({ prog: 'text' });
  });

  it('does not take a parameter for the name of a function', () => {
    expect(docs('/// text\nstatic int other(struct map *value) { return 0; }')).toEqual({});
  });

  it('gives each declaration its own comment', () => {
    const source =
      '/// a\nint prog(void) { }\n/// b\nint value;\nint map;\n/// c\nchar LICENSE[] SEC("license") = "GPL";';
    expect(docs(source)).toEqual({ prog: 'a', value: 'b', LICENSE: 'c' });
  });

  it('joins lines that follow each other, and takes the later of two comments', () => {
    expect(docs('/// a\n/// b\nint value;')).toEqual({ value: 'a\nb' });
    expect(docs('/// a\n\n/// b\nint value;')).toEqual({ value: 'b' });
    expect(docs('/** a */\n/** b */\nint value;')).toEqual({ value: 'b' });
  });

  it('takes off slashes and stars, not what is behind them', () => {
    expect(docs('/**\n * a *b*\n *\n   c\n **/\nint value;')).toEqual({ value: 'a *b*\n\nc' });
    expect(docs('///   a // b\nint value;')).toEqual({ value: 'a // b' });
  });

  it('parts a comment from what follows at a directive', () => {
    expect(docs('/// a\n#define X 1\nint value;')).toEqual({});
  });

  it('takes a comment inside of a declaration or a body for nobody', () => {
    expect(docs('int prog(void) { /// a\nint value; }\nint /** b */ value;')).toEqual({});
  });

  it('takes the first comment of a name', () => {
    expect(docs('/// a\nint value;\n/// b\nint value = 1;')).toEqual({ value: 'a' });
  });
});
