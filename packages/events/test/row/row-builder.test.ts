import { expect, it } from 'vitest';
import { RowBuilder } from '../../src/row/row-builder.js';
import { textOf } from '../frame.js';

function rowText(row: RowBuilder): string {
  const out = new Uint8Array(512);
  return textOf(out.subarray(0, row.build()(new Uint8Array(8), new DataView(new ArrayBuffer(8)), 0, out, 0, 8)));
}

it('RowBuilder writes texts, short and long, in order', () => {
  const row = new RowBuilder();
  row.text('a');
  row.text('bö');
  row.write(`writeBytes(t,p,${row.constant(Uint8Array.of(0x2d))})`);
  row.text('x'.repeat(100));
  expect(rowText(row)).toBe(`abö-${'x'.repeat(100)}`);
});

it('RowBuilder keeps texts out of the code', () => {
  const row = new RowBuilder();
  const hostile = '`;throw 1;//\u2028"\'\\${';
  row.text(hostile);
  row.write(`writeJsonString(t,p,b,o,0,${row.constant(hostile)})`);
  expect(rowText(row)).toBe(`${hostile}""`);
});
