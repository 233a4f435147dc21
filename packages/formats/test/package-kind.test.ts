import { describe, expect, test } from 'vitest';
import { packTar, sniffPackage } from '../src/index.js';

const text = (content: string) => new TextEncoder().encode(content);

describe('sniffPackage()', () => {
  test.each([
    ['wasm', Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)],
    ['elf', text('\x7fELF')],
    ['tar', packTar([{ path: 'a', bytes: text('a') }])],
    ['eunomia', text('{"bpf_object":"","bpf_object_size":0,"meta":{}}')],
    ['eunomia', text('\uFEFF \n\t{"bpf_object":"","meta":{"bpf_skel":{}}}')],
    ['seed', text('{"name":"x","data":"","data_sz":0,"maps":[],"progs":[]}')],
    ['skel', text('{"bpf_skel":{}}')],
    [undefined, text('')],
    [undefined, text('{}')],
    [undefined, text('{"bpf_object":""')],
    [undefined, text('[{"bpf_skel":{}}]')],
    [undefined, text('bpf_skel:\n  maps: []\n')],
    [undefined, Uint8Array.of(0x1f, 0x8b)],
  ])('sniffPackage() tells %j', (kind, bytes) => {
    expect(sniffPackage(bytes)).toBe(kind);
  });
});
