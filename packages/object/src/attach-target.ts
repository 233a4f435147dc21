/** What the rest of a section name says a program is for. */
export type AttachTarget =
  /** kprobe, kretprobe. */
  | { readonly kind: 'kernel_function'; readonly symbol: string; readonly offsetBytes: number }
  /** kprobe.multi, kprobe.session: `*` and `?` stand for any text and any letter. */
  | { readonly kind: 'kernel_pattern'; readonly pattern: string }
  /** fentry, fexit, fmod_ret: a function of the kernel's BTF, in a module where one is named. */
  | { readonly kind: 'traced_function'; readonly symbol: string; readonly module: string | undefined }
  /** freplace. */
  | { readonly kind: 'program_function'; readonly symbol: string }
  /** ksyscall, kretsyscall: the name without the prefix of the architecture. */
  | { readonly kind: 'syscall'; readonly syscall: string }
  /** uprobe, uretprobe: a path, or the name of a file that is looked for in the usual places. */
  | { readonly kind: 'user_function'; readonly path: string; readonly symbol: string; readonly offsetBytes: number }
  | { readonly kind: 'user_pattern'; readonly path: string; readonly pattern: string }
  | { readonly kind: 'usdt'; readonly path: string; readonly provider: string; readonly name: string }
  | { readonly kind: 'tracepoint'; readonly category: string; readonly event: string }
  /** raw_tracepoint, tp_btf. */
  | { readonly kind: 'raw_tracepoint'; readonly event: string }
  | { readonly kind: 'lsm_hook'; readonly hook: string }
  | { readonly kind: 'iterator'; readonly iterator: string }
  | { readonly kind: 'struct_ops_member'; readonly member: string };

/**
 * Reads what follows the slash in a section name.
 * @returns undefined when it does not have the form of that kind; libbpf would then refuse to attach
 */
export function parseAttachTarget(kind: AttachTarget['kind'], text: string): AttachTarget | undefined {
  return text === '' ? undefined : PARSERS[kind](text);
}

const PARSERS: { readonly [Kind in AttachTarget['kind']]: (text: string) => AttachTarget | undefined } = {
  kernel_function: (text) => {
    const { symbol, offsetBytes } = splitOffset(text);
    return /^[A-Za-z0-9_.]+$/.test(symbol) ? { kind: 'kernel_function', symbol, offsetBytes } : undefined;
  },
  kernel_pattern: (text) => (/^[A-Za-z0-9_.*?]+$/.test(text) ? { kind: 'kernel_pattern', pattern: text } : undefined),
  traced_function: (text) => {
    const [, module, symbol = ''] = /^(?:([^:]*):)?(.*)$/.exec(text) ?? [];
    return symbol === '' ? undefined : { kind: 'traced_function', symbol, module };
  },
  program_function: (text) => ({ kind: 'program_function', symbol: text }),
  syscall: (text) => ({ kind: 'syscall', syscall: text }),
  user_function: (text) => {
    const [path, rest] = splitPath(text);
    return rest === '' ? undefined : { kind: 'user_function', path, ...splitOffset(rest) };
  },
  user_pattern: (text) => {
    const [path, pattern] = splitPath(text);
    return pattern === '' ? undefined : { kind: 'user_pattern', path, pattern };
  },
  usdt: (text) => {
    const [path, provider, name, ...rest] = text.split(':');
    if (!path || !provider || !name || rest.length > 0) return undefined;
    return { kind: 'usdt', path, provider, name };
  },
  tracepoint: (text) => {
    const [, category, event] = /^([^/]+)\/(.+)$/.exec(text) ?? [];
    return category === undefined || event === undefined ? undefined : { kind: 'tracepoint', category, event };
  },
  raw_tracepoint: (text) => ({ kind: 'raw_tracepoint', event: text }),
  lsm_hook: (text) => ({ kind: 'lsm_hook', hook: text }),
  iterator: (text) => ({ kind: 'iterator', iterator: text }),
  struct_ops_member: (text) => ({ kind: 'struct_ops_member', member: text }),
};

/** `/bin/bash:readline` at its first colon; the second part is empty where it has no two. */
function splitPath(text: string): [string, string] {
  const colon = text.indexOf(':');
  return colon < 1 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1)];
}

/** `symbol+0x10`: C's notations for numbers (hexadecimal, octal, decimal), as libbpf takes them. */
function splitOffset(text: string): { symbol: string; offsetBytes: number } {
  const [, symbol, digits] = /^(.+)\+(0x[0-9a-f]{1,12}|[0-9]{1,15})$/i.exec(text) ?? [];
  if (symbol === undefined || digits === undefined) return { symbol: text, offsetBytes: 0 };
  const offsetBytes = /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
  return { symbol, offsetBytes };
}
