import { type CToken, cTokens } from './c-token.js';
import { commentText } from './comment-text.js';
import { candidateNames, isWhole } from './declaration.js';

/**
 * The doc comments of a source, by the name of what they document. A comment belongs to the declaration after it, as clang has it,
 * and one that starts with `<` to the one before it on its line.
 * @param names What to look for: programs, maps and variables that the object has. Without them macros such as
 *   `BPF_PROG(name, ...)` could not be told from functions.
 */
export function docComments(source: string, names: ReadonlySet<string>): ReadonlyMap<string, string> {
  const comments = new Map<string, string>();
  for (const { candidates, doc } of declarations(cTokens(source))) {
    const name = candidates.find((candidate) => names.has(candidate));
    if (name !== undefined && doc.length > 0 && !comments.has(name)) comments.set(name, commentText(doc));
  }
  return comments;
}

interface Declaration {
  /** What its name may be, the likeliest first. */
  readonly candidates: readonly string[];
  /** Its comment, as it stands in the source: one block, or lines that follow each other. */
  readonly doc: readonly string[];
}

function* declarations(tokens: readonly CToken[]): Generator<Declaration> {
  let doc: readonly CToken[] = [];
  let own: CToken[] = [];
  let finished: { readonly candidates: readonly string[]; readonly line: number } | undefined;
  for (const token of tokens.filter(({ depth }) => depth === 0)) {
    if (token.kind === 'doc') {
      const trails = token.text[3] === '<';
      if (trails && finished?.line === token.line) yield { candidates: finished.candidates, doc: [token.text] };
      if (!trails && own.length === 0) doc = joined(doc, token);
    } else if (token.kind === 'directive') {
      // As with clang, nothing but space may stand between a comment and what it documents.
      if (own.length === 0) doc = [];
    } else {
      own.push(token);
      if (!isWhole(own)) continue;
      const candidates = candidateNames(own);
      yield { candidates, doc: doc.map(({ text }) => text) };
      finished = { candidates, line: token.endLine };
      doc = [];
      own = [];
    }
  }
}

/** Lines that follow each other are one comment; otherwise the later one counts. */
function joined(doc: readonly CToken[], token: CToken): readonly CToken[] {
  const previous = doc.at(-1);
  const continues =
    previous?.text.startsWith('//') && token.text.startsWith('//') && token.line === previous.endLine + 1;
  return continues ? [...doc, token] : [token];
}
