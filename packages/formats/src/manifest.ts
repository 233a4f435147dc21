import { type Manifest, manifestKind, type Problem, validate } from '@ebpm/schemas';
import { EbpmError } from './ebpm-error.js';
import { JsonTextError, parseJsonText } from './json-text.js';
import { MAX_MANIFEST_BYTES } from './limits.js';
import { isRange } from './version.js';

/** Name of the manifest in a project and in a package. */
export const MANIFEST_FILE = 'ebpm.json';

/**
 * Reads a manifest of at most 64 KiB. `source` names it in errors, default `ebpm.json`.
 * @throws EBPM_MANIFEST_TOO_LARGE, EBPM_MANIFEST_MALFORMED, EBPM_MANIFEST_INVALID (data.problems has every problem)
 */
export function readManifest(input: Uint8Array | string, source: string = MANIFEST_FILE): Manifest {
  const checked = validate(manifestKind, parseManifest(input, source));
  if (!checked.ok) throw invalid(source, checked.problems);
  const problems = rangeProblems(checked.value);
  if (problems.length > 0) throw invalid(source, problems);
  return checked.value;
}

function parseManifest(input: Uint8Array | string, source: string): unknown {
  // A text has at most as many UTF-16 units as UTF-8 bytes.
  if (input.length > MAX_MANIFEST_BYTES) {
    throw new EbpmError(
      'EBPM_MANIFEST_TOO_LARGE',
      `Cannot read "${source}": it is larger than ${MAX_MANIFEST_BYTES} bytes`,
    );
  }
  try {
    return parseJsonText(input, { uniqueKeys: true });
  } catch (cause) {
    if (!(cause instanceof JsonTextError)) throw cause;
    throw new EbpmError('EBPM_MANIFEST_MALFORMED', `Cannot read "${source}": it is not JSON: ${cause.message}`, {
      cause,
    });
  }
}

/** What a schema cannot say: that a range is one. */
function rangeProblems({ dependencies = {}, requires }: Manifest): readonly Problem[] {
  const ranges = Object.entries(dependencies).map(([name, range]) => [`dependencies[${JSON.stringify(name)}]`, range]);
  if (requires?.ebpm !== undefined) ranges.push(['requires.ebpm', requires.ebpm]);
  return ranges.flatMap(([path = '', range = '']) =>
    isRange(range) ? [] : [{ path, message: 'must be a version range such as "^1.2.0"' }],
  );
}

function invalid(source: string, problems: readonly Problem[]): EbpmError {
  const sentences = problems.map(({ path, message }) => (path === '' ? `it ${message}` : `${path} ${message}`));
  const more = problems.length > 1 ? `, and ${problems.length - 1} more` : '';
  return new EbpmError('EBPM_MANIFEST_INVALID', `Cannot read "${source}": ${sentences[0]}${more}`, {
    hint: `Correct in "${source}":\n${sentences.map((sentence) => `  ${sentence}`).join('\n')}`,
    data: { source, problems },
  });
}
