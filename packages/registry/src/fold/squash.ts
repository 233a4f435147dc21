/** The name without what people mix up: `sig-snoop`, `sig_snoop` and `sigsnoop` squash to the same text. */
export function squash(name: string): string {
  return name.replace(/[._-]/g, '');
}
