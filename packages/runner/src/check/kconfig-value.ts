import type { BtfType } from '@ebpm/object';

/** What libbpf makes of a setting of the kernel's configuration for a variable: a number, text, or a reason why it gives up. */
export type SettingValue =
  | { readonly kind: 'number'; readonly value: bigint }
  | { readonly kind: 'text' }
  | { readonly kind: 'wrong'; readonly reason: string };

/**
 * @param type of the variable, without typedefs and qualifiers
 * @param text what stands behind `=`
 * @see https://github.com/libbpf/libbpf/blob/v1.5.0/src/libbpf.c (bpf_object__process_kconfig_line, set_kcfg_value_num)
 */
export function settingValue(type: BtfType, text: string): SettingValue {
  if (text === 'y' || text === 'm' || text === 'n') return switched(type, text);
  if (text.startsWith('"')) return type.kind === 'array' ? { kind: 'text' } : wrong('it is a text');
  if (!/^-?(0x[0-9a-f]+|[0-9]+)$/i.test(text)) return wrong('it is no number');
  if (type.kind !== 'int' || type.bool) return wrong('it is a number');
  const value = text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text);
  const bits = BigInt(type.sizeBytes * 8);
  const [lowest, highest] = type.signed ? [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n] : [0n, (1n << bits) - 1n];
  if (value < lowest || value > highest) return wrong(`it is ${text}, which ${type.sizeBytes} bytes do not hold`);
  return { kind: 'number', value: BigInt.asUintN(Number(bits), value) };
}

/** An option that is on, off or a module, for a variable of type bool, char or enum libbpf_tristate. */
function switched(type: BtfType, text: 'y' | 'm' | 'n'): SettingValue {
  const number = (value: number) => ({ kind: 'number', value: BigInt(value) }) as const;
  if (type.kind === 'int' && type.bool) {
    return text === 'm' ? wrong('it is a module') : number(text === 'y' ? 1 : 0);
  }
  if ((type.kind === 'enum' || type.kind === 'enum64') && type.name === 'libbpf_tristate')
    return number({ n: 0, y: 1, m: 2 }[text]);
  if (type.kind === 'int' && type.sizeBytes === 1) return number(text.charCodeAt(0));
  return wrong(`it is "${text}"`);
}

function wrong(reason: string): SettingValue {
  return { kind: 'wrong', reason };
}
