import { closest, EbpmError } from '@ebpm/formats';
import type { ApiSearchResult } from '@ebpm/schemas';

/** What finds packages by words. */
interface Finder {
  readonly search: (request: { readonly query: string; readonly limit: number }) => Promise<ApiSearchResult>;
}

/** The same error, with a name that the registry does have and that is nearly the one that it has not. */
export async function withSimilarName(error: unknown, name: string, finder: Finder): Promise<unknown> {
  if (!(error instanceof EbpmError) || error.code !== 'EBPM_PACKAGE_NOT_FOUND') return error;
  const similar = await findSimilar(name, finder);
  if (similar === undefined) return error;
  const { code, message, hint, data } = error;
  return new EbpmError(code, message, {
    cause: error,
    hint: [`Did you mean "${similar}"?`, ...(hint === undefined ? [] : [hint])].join('\n'),
    data: { ...data, similar },
  });
}

/** That nothing similar can be found is not what went wrong. */
async function findSimilar(name: string, finder: Finder): Promise<string | undefined> {
  try {
    const { results } = await finder.search({ query: name.replace(/[@/:]/g, ' '), limit: 10 });
    return closest(
      name,
      results.map((hit) => hit.name),
    );
  } catch (error) {
    if (error instanceof EbpmError) return undefined;
    throw error;
  }
}
