/**
 * The conversions of a format of bpf_trace_printk and its kin, in order: true for one that prints what stands at an address.
 * @see https://github.com/torvalds/linux/blob/v6.12/kernel/bpf/helpers.c (bpf_bprintf_prepare)
 */
export function conversionsOf(format: string): readonly boolean[] {
  const conversions = format.matchAll(/%(?:%|[-+ #0-9.]*(s|p[ku]s|p[iI][46]|[^%]?))/g);
  return [...conversions].filter(([text]) => text !== '%%').map(([, kind = '']) => /^(s|p[ku]s|p[iI][46])$/.test(kind));
}
