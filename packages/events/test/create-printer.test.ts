import { readObject } from '@ebpm/object';
import { expect, it } from 'vitest';
import { compileFixture } from '../../../test/support/compile-fixture.js';
import { createPrinter } from '../src/create-printer.js';
import type { PrinterKind } from '../src/printers/all.js';
import { type RecordType, recordType } from '../src/record-type.js';
import { frame, textOf } from './frame.js';

/** The type of the compiled event, and the bytes that the compiler made of its values. */
function compiledEvent(): { type: RecordType; bytes: Uint8Array } {
  const { btf, dataSections } = readObject(compileFixture(new URL('fixtures/every-kind.bpf.c', import.meta.url)));
  const section = dataSections.find(({ name }) => name === '.data');
  const sample = section?.variables.find(({ name }) => name === 'sample');
  if (btf === undefined || section?.bytes === undefined || sample === undefined) throw new TypeError('no sample');
  const bytes = section.bytes.slice(sample.offsetBytes, sample.offsetBytes + sample.sizeBytes);
  return { type: recordType(btf, sample.typeId), bytes };
}

const { type, bytes } = compiledEvent();

function print(kind: PrinterKind): string {
  const printer = createPrinter(kind, type, { now: () => new Date(2026, 0, 2, 3, 4, 5).getTime() });
  return (printer.header() ?? '') + textOf(printer.print(frame([bytes])));
}

it('createPrinter("json") prints every kind of field that clang laid out', () => {
  expect(print('json')).toBe(
    `${[
      '{"ts":18446744073709551615,"pid":-7,"ok":true,"letter":82,"bytes":[1,2,255],"comm":"exactly16bytes!!"',
      '"state":"IDLE(-1)","level":"HIGH(200)","ratio":1.2300000190734863,"load":-4.56,"task":18446612682070036480',
      '"big":"-1267650600228229401496703205376"',
      '"points":[{"x":1,"y":-2,"tag":"ab"},{"x":3,"y":-4,"tag":"\\"\\\\\\n"}]',
      '"names":["full","\ufffd"],"names_hex":["66756c6c","ff"],"low":5,"middle":-2048,"high":737894400291,"flag":true',
      '"word":67305985,"octets":[1,2,3,4],"inner":{"first":-9223372036854775808,"second":0}',
      // clang 14, with which this is compiled, has no ENUM64.
      '"wide":"<UNKNOWN_VARIANT>(1099511627776)","mode":"IDLE(-1)","user":4096',
      '"choice":[{"at":{"x":1,"y":-1,"tag":"abcd"},"half":null},{"at":{"x":0,"y":16128,"tag":""},"half":0.5}]',
      '"tail":""}',
    ].join(',')}\n`,
  );
});

it('createPrinter("table") prints every kind of field that clang laid out', () => {
  const [header = '', row = '', end] = print('table').split('\n');
  expect(header.split(/ +/)).toEqual(['TIME', ...type.fields.map(({ name }) => name.toUpperCase())]);
  expect(row).toBe(
    [
      '03:04:05 18446744073709551615      -7 true      82 [1,2,255] exactly16bytes!! IDLE HIGH',
      '1.2300000190734863 -4.56 18446612682070036480        -1267650600228229401496703205376',
      '[{"x":1,"y":-2,"tag":"ab"},{"x":3,"y":-4,"tag":"\\"\\\\\\n"}] ["full","\ufffd"] 5 -2048 737894400291 true 67305985',
      '[1,2,3,4] {"first":-9223372036854775808,"second":0} 1099511627776 IDLE 4096',
      '[{"at":{"x":1,"y":-1,"tag":"abcd"},"half":null},{"at":{"x":0,"y":16128,"tag":""},"half":0.5}]',
    ].join(' '),
  );
  expect(end).toBe('');
});
