import { CheckedObject } from '@ebpm/object';
import { describe, expect, it } from 'vitest';
import { compileFixture } from '../../../../test/support/compile-fixture.js';
import { printedFormats } from '../../src/trace/printed-formats.js';
import { optionsPackage } from '../options-package.js';

describe('printedFormats()', () => {
  it('printedFormats() gives the formats of bpf_printk, and no other text', () => {
    const checked = CheckedObject.read(compileFixture(new URL('../fixtures/printk.bpf.c', import.meta.url)));
    const formats = printedFormats({ ...optionsPackage(), checked, object: checked.object });
    expect(formats).toEqual(['one %d', 'five %d %d %d %d %s\n']);
  });

  it('printedFormats() gives nothing for an object that does not print', () => {
    expect(printedFormats(optionsPackage())).toBeUndefined();
  });
});
