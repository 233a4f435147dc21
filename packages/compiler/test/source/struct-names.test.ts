import { expect, it } from 'vitest';
import { structNames } from '../../src/source/struct-names.js';

it.each([
  ['struct event { int a; };', ['event']],
  ['struct b {};\nstruct a\n{\n};', ['b', 'a']],
  ['struct __attribute__((packed, aligned(8))) event { int a; };', ['event']],
  ['struct event { int a; } __attribute__((packed));', ['event']],
  ['typedef struct event { int a; } event_t;', ['event']],
  ['struct outer { struct inner { int a; } b; };', ['outer']],
  ['struct mention; struct other *f(struct event *e);', []],
  ['typedef struct { int a; } event_t; union u { int a; };', []],
  ['/* struct a { }; */ // struct b {\n"struct c {"', []],
  ['#define S struct a {\n#if 0\nstruct b { };\n#endif', []],
  ['struct __attribute__((', []],
  ['', []],
])('structNames() finds the structs that %j defines', (header, names) => {
  expect(structNames(header)).toEqual(names);
});
