import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KernelSymbols } from '../../src/symbols/kernel-symbols.js';

const TEXT = `0000000000000000 A fixed_percpu_data
ffffffff81000000 T _stext
ffffffff81000000 T startup_64
ffffffff81000100 t do_idle
ffffffff81000200 D some_data
ffffffff81000300 W weak_one
not a line
ffffffffc0000000 t mod_init\t[a_module]
ffffffffc0000080 t bpf_prog_0123456789abcdef_on_kill\t[bpf]
ffffffff81000280 T out_of_order
`;

function symbols(text = TEXT): KernelSymbols {
  return new KernelSymbols(new TextEncoder().encode(text));
}

describe('KernelSymbols', () => {
  it.each([
    [0xffff_ffff_8100_00ffn, { name: 'startup_64', offsetBytes: 0xff }],
    [0xffff_ffff_8100_0100n, { name: 'do_idle', offsetBytes: 0 }],
    [0xffff_ffff_8100_0210n, { name: 'do_idle', offsetBytes: 0x110 }],
    [0xffff_ffff_8100_0290n, { name: 'out_of_order', offsetBytes: 0x10 }],
    [0xffff_ffff_8100_0301n, { name: 'weak_one', offsetBytes: 1 }],
    [0xffff_ffff_c000_0010n, { name: 'mod_init', offsetBytes: 0x10, module: 'a_module' }],
    [0xffff_ffff_c000_0090n, { name: 'bpf_prog_0123456789abcdef_on_kill', offsetBytes: 0x10, module: 'bpf' }],
  ])('KernelSymbols.find() knows what is at %#', (address, expected) => {
    expect(symbols().find(address)).toEqual({ module: undefined, ...expected });
  });

  it.each([
    ['before the first function', 0xffff_ffff_80ff_ffffn],
    ['far behind the last one', 0xffff_ffff_c010_0080n],
    ['of user space', 0x40_0000n],
    ['that is 0', 0n],
    ['with the highest bit alone', 2n ** 63n],
  ])('KernelSymbols.find() knows nothing of an address %s', (_, address) => {
    expect(symbols().find(address)).toBeUndefined();
  });

  it('KernelSymbols.find() finds nothing where the kernel hides its addresses', () => {
    expect(symbols(TEXT.replace(/^[0-9a-f]{16}/gm, '0'.repeat(16))).find(0xffff_ffff_8100_0100n)).toBeUndefined();
  });

  it('KernelSymbols.find() finds what a search from the first to the last finds', () => {
    const offset = fc.integer({ min: 0, max: 4000 });
    fc.assert(
      fc.property(fc.uniqueArray(offset, { minLength: 1 }), offset, (starts, place) => {
        const text = starts.map((start) => `ffffffff8${start.toString(16).padStart(7, '0')} t f${start}\n`).join('');
        const before = starts.filter((start) => start <= place);
        const start = before.length === 0 ? undefined : Math.max(...before);
        const found = symbols(text).find(0xffff_ffff_8000_0000n + BigInt(place));
        expect(found?.name).toBe(start === undefined ? undefined : `f${start}`);
        expect(found?.offsetBytes).toBe(start === undefined ? undefined : place - start);
      }),
    );
  });

  it('KernelSymbols.find() takes any bytes for a text', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void new KernelSymbols(bytes).find(2n ** 64n - 1n)),
    );
  });
});
