/** Which versions of a package a wish is content with. */
export type Wanted =
  | { readonly kind: 'range'; readonly range: string }
  | { readonly kind: 'tag'; readonly tag: string };

/** A package that is asked for. */
export interface Requirement {
  readonly name: string;
  readonly wanted: Wanted;
}

/** What can be chosen of a package. */
export interface OfferedPackage {
  /** Numbers without build metadata, those alone that may be chosen: a yanked one only where a lockfile names it. */
  readonly versions: readonly string[];
  /** Tag to number. */
  readonly tags: Readonly<Record<string, string>>;
  /** Versions that there are and that may not be chosen, each with the reason, such as `was yanked`; default: none. */
  readonly withheld?: ReadonlyMap<string, string>;
}

/** What a version asks for itself. */
export interface VersionNeeds {
  readonly requirements: readonly Requirement[];
  /** Why this version cannot be taken at all, such as `needs Linux >=6.6`. */
  readonly refusal?: string | undefined;
}

/** Where versions come from. It is asked for each package and each version that is tried once. */
export interface PackageSource {
  /** What is offered of a package; a text says why there is nothing, such as `it does not exist`. */
  offered(name: string): Promise<OfferedPackage | string>;
  needs(name: string, version: string): Promise<VersionNeeds>;
}
