import type { Btf } from './btf.js';
import { checkTypes } from './btf-check.js';
import { readBtfHeader } from './btf-header.js';
import { type BtfLayout, layOutTypes } from './btf-layout.js';
import { type BtfMeasures, measureTypes, NO_SIZE } from './btf-measure.js';
import { checkNesting } from './btf-nesting.js';
import { type BtfStrings, btfStrings } from './btf-strings.js';
import type { BtfType } from './btf-type.js';
import { BtfTypes } from './btf-types.js';
import { littleEndianWordsIn } from './data-view.js';
import { typeRefusal } from './refusal.js';

/**
 * Reads a BTF blob (the `.BTF` section of an object, or a kernel's `/sys/kernel/btf/vmlinux`) that stands by itself. All of
 * it is checked at once; types become objects when they are asked for. The result keeps views into `bytes`, which must not
 * change afterwards.
 * @throws EBPM_BTF_INVALID, EBPM_BTF_UNSUPPORTED, EBPM_BTF_TOO_LARGE
 */
export function readBtf(bytes: Uint8Array): Btf {
  const { types, strings: stringBytes } = readBtfHeader(bytes);
  const strings = btfStrings(stringBytes);
  const layout = layOutTypes(types, littleEndianWordsIn(types));
  checkTypes(layout, strings);
  checkNesting(layout);
  return new CheckedBtf(layout, strings, measureTypes(layout));
}

class CheckedBtf extends BtfTypes<BtfStrings> implements Btf {
  readonly #measures: BtfMeasures;

  constructor(layout: BtfLayout, strings: BtfStrings, measures: BtfMeasures) {
    super(layout, strings);
    this.#measures = measures;
  }

  resolve(id: number): BtfType {
    this.checkId(id);
    return this.type(this.#measures.resolved[id] ?? 0);
  }

  sizeOf(id: number): number {
    if (!this.hasSize(id)) throw typeRefusal(id, `"${this.nameOf(id)}" has no size`);
    return this.#measures.sizes[id] ?? NO_SIZE;
  }

  hasSize(id: number): boolean {
    this.checkId(id);
    return this.#measures.sizes[id] !== NO_SIZE;
  }
}
