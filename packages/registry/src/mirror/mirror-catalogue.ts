import { MIRROR_SEARCH_FILE } from '@ebpm/formats';
import { type ApiPackage, type ApiSearchResult, type ApiVersion, apiSearchResultKind, validate } from '@ebpm/schemas';
import type { MirrorFiles } from './mirror-files.js';

type Hit = ApiSearchResult['results'][number];

/** All packages of a mirror as a search finds them: there is no server that could look for words. */
export class MirrorCatalogue {
  readonly #hits: Map<string, Hit>;

  private constructor(hits: readonly Hit[]) {
    this.#hits = new Map(hits.map((hit) => [hit.name, hit]));
  }

  static async read(files: MirrorFiles): Promise<MirrorCatalogue> {
    const text = await files.read(MIRROR_SEARCH_FILE);
    const checked = validate(apiSearchResultKind, text === undefined ? undefined : JSON.parse(text));
    return new MirrorCatalogue(checked.ok ? checked.value.results : []);
  }

  /** @param shown the version that describes the package; without one it is not found */
  put({ name }: ApiPackage, shown: ApiVersion | undefined): void {
    if (shown === undefined) {
      this.remove(name);
      return;
    }
    const { version, publishedAt, publisher, manifest } = shown;
    const { description, keywords } = manifest;
    this.#hits.set(name, {
      name,
      version,
      ...(typeof description === 'string' && { description }),
      keywords: Array.isArray(keywords) ? keywords.filter((keyword) => typeof keyword === 'string') : [],
      publishedAt,
      publisher,
    });
  }

  remove(name: string): void {
    this.#hits.delete(name);
  }

  async write(files: MirrorFiles): Promise<void> {
    const results = [...this.#hits.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    await files.write(MIRROR_SEARCH_FILE, JSON.stringify({ results, total: results.length, isTotalExact: true }));
  }
}
