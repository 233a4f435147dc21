/** Says what a file is that is no package, so far as its first bytes tell: people name the wrong file, and servers send pages. */

const MAGICS: readonly (readonly [words: string, ...magic: number[]])[] = [
  // RFC 1952 section 2.3.1
  ['a gzip file', 0x1f, 0x8b],
  // RFC 8878 section 3.1.1
  ['a Zstandard file', 0x28, 0xb5, 0x2f, 0xfd],
  // https://tukaani.org/xz/xz-file-format.txt section 2.1.1.1
  ['an xz file', 0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00],
  // https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT section 4.3.7
  ['a zip file', 0x50, 0x4b, 0x03, 0x04],
  // https://docs.kernel.org/bpf/btf.html#btf-type-and-string-encoding
  ['bare BTF', 0x9f, 0xeb, 0x01],
  ['bare big-endian BTF', 0xeb, 0x9f, 0x01],
];

const TEXTS: readonly (readonly [words: string, pattern: RegExp])[] = [
  ['a web page', /^\s*(<!--[\s\S]*?-->\s*)?<(!doctype\s+html|html|head|body)\b/i],
  ['XML', /^\s*<\?xml\b/],
  ['a script', /^#!/],
  ['a Git LFS pointer', /^version https:\/\/git-lfs\b/],
  ['C source', /^\s*(\/\*[\s\S]*?\*\/|\/\/[^\n]*\n|\s)*#\s*(include|define|ifndef|pragma)\b/],
  ['a package in YAML, which no loader reads', /^(---\s*\n)?(bpf_object|bpf_object_size|bpf_skel|meta):/m],
];

/** Bytes that are looked at: more than any of those starts takes, a licence in C source included. */
const LOOKED_AT = 16 * 1024;

/** What the bytes are, in words to be read after "it is"; undefined when they are nothing known. */
export function looksLike(bytes: Uint8Array): string | undefined {
  if (bytes.length === 0) return 'empty';
  const magic = MAGICS.find(([, ...wanted]) => wanted.every((byte, index) => bytes[index] === byte));
  if (magic !== undefined) return magic[0];
  const text = new TextDecoder().decode(bytes.subarray(0, LOOKED_AT));
  const words = TEXTS.find(([, pattern]) => pattern.test(text))?.[0];
  if (words === 'a web page') {
    const title = /<title[^>]*>([^<]{1,100})<\/title>/i.exec(text)?.[1]?.replace(/\s+/g, ' ').trim();
    return title === undefined || title === '' ? words : `a web page, "${title}"`;
  }
  return words;
}

/** What JSON that is no package says for itself, where it is the answer of a server; in words to be read after "it is". */
export function looksLikeAnswer(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { message, error, detail, errors } = value as Readonly<Record<string, unknown>>;
  const said = [message, error, detail, (error as { readonly message?: unknown } | null | undefined)?.message];
  const text = said.find((candidate) => typeof candidate === 'string');
  if (typeof text === 'string') return `what a server answers when something is wrong: "${text.slice(0, 200)}"`;
  return Array.isArray(errors) ? 'what a server answers when something is wrong' : undefined;
}
