import { EbpmError } from '@ebpm/formats';

/** What the annotations of one doc comment say: a value for each `@key`, and the plain text under `description`. */
export type Annotations = Readonly<Record<string, unknown>>;

/**
 * Commands whose text is text even when it looks like JSON, as with eunomia-bpf's compiler: those that clang knows.
 * @see https://github.com/llvm/llvm-project/blob/llvmorg-14.0.6/clang/include/clang/AST/CommentCommands.td
 */
const TEXT_COMMANDS: ReadonlySet<string> = new Set(
  (
    'attention author authors brief bug copyright date deprecated description details exception invariant note par param post pre ' +
    'remark remarks result return returns sa see short since test throw throws todo tparam version warning'
  ).split(' '),
);

/**
 * Reads the annotations of a doc comment: `@key TEXT`, where TEXT ends with its paragraph or before the next `@key`.
 * TEXT that is JSON gives its value, other text a string, none `true`. A JSON object may take several lines of its paragraph.
 * @param name What the comment documents, for errors.
 * @throws EBPM_BUILD_ANNOTATION for a `{` that begins no JSON object
 */
export function readAnnotations(text: string, name: string): Annotations {
  const values = new Map<string, unknown>();
  const plain: string[] = [];
  for (const paragraph of text.split(/\n\s*\n/)) {
    const said = readParagraph(paragraph, name);
    for (const [key, value] of said.values) values.set(key, value);
    if (said.plain !== '') plain.push(said.plain);
  }
  if (plain.length > 0 && !values.has('description')) values.set('description', plain.join('\n\n'));
  return Object.fromEntries(values);
}

interface Paragraph {
  readonly values: readonly (readonly [key: string, value: unknown])[];
  readonly plain: string;
}

function readParagraph(paragraph: string, name: string): Paragraph {
  const values: [string, unknown][] = [];
  const plain: string[] = [];
  const command = /(?<=^|\s)[@\\]([A-Za-z][\w-]*)\s*/g;
  let at = 0;
  for (let found = command.exec(paragraph); found !== null; found = command.exec(paragraph)) {
    const [whole, key = ''] = found;
    plain.push(paragraph.slice(at, found.index));
    const start = found.index + whole.length;
    const isObject = paragraph[start] === '{' && !isText(key);
    at = isObject ? endOfObject(paragraph, start) : endOfText(paragraph, start);
    command.lastIndex = at;
    const text = oneLine(paragraph.slice(start, at));
    values.push([key, isObject ? parseObject(key, text, name) : parseText(key, text)]);
  }
  plain.push(paragraph.slice(at));
  return { values, plain: oneLine(plain.join(' ')) };
}

/** `description` is text for the loader too, so it never becomes a number. */
function isText(key: string): boolean {
  return key === 'description' || TEXT_COMMANDS.has(key);
}

function endOfText(paragraph: string, start: number): number {
  const next = paragraph.slice(start).search(/(?<=^|\s)[@\\][A-Za-z]/);
  return next === -1 ? paragraph.length : start + next;
}

/** The place behind the brace that closes the one at `start`; braces and annotations inside of strings do not count. */
function endOfObject(paragraph: string, start: number): number {
  const piece = /"(?:\\[\s\S]|[^"\\])*"|[{}]/g;
  piece.lastIndex = start;
  let open = 0;
  for (let found = piece.exec(paragraph); found !== null; found = piece.exec(paragraph)) {
    if (found[0] === '{') open += 1;
    if (found[0] === '}') open -= 1;
    if (open === 0) return piece.lastIndex;
  }
  return paragraph.length;
}

function parseObject(key: string, text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new EbpmError('EBPM_BUILD_ANNOTATION', `Cannot read @${key} of "${name}": its text is not JSON`, {
      cause,
      hint: `Names and strings need double quotes, as in: @${key} {"key": "value"}`,
      data: { name, key, text },
    });
  }
}

function parseText(key: string, text: string): unknown {
  if (isText(key)) return text;
  if (text === '') return true;
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: then it is a text.
    return text;
  }
}

function oneLine(text: string): string {
  return text
    .trim()
    .replace(/\s*\n\s*/g, ' ')
    .replace(/ {2,}/g, ' ');
}
