/** How large things from outside may be. A larger thing is refused before it is read further. */

/** Longest package name in characters: "@", 39 of scope, "/", 64 of name. */
export const MAX_NAME_LENGTH = 105;

/** Longest version in characters: room for a date and a commit in a prerelease, short enough for a table and an address. */
export const MAX_VERSION_LENGTH = 128;

/** Longest version range in characters; what semver parses of it grows with its length. */
export const MAX_RANGE_LENGTH = 256;

/** Longest spec in characters: Linux's PATH_MAX, which no useful address exceeds either. */
export const MAX_SPEC_LENGTH = 4096;

/** Largest ebpm.json in bytes: an index answer carries it, and people write it by hand. */
export const MAX_MANIFEST_BYTES = 64 * 1024;

/** Largest canonical tar in bytes: it is hashed, uploaded and kept in memory as one piece. */
export const MAX_PACKAGE_BYTES = 20 * 1024 * 1024;

/** Largest eBPF object in bytes, uncompressed: the largest in the wild have a few megabytes, mostly BTF. */
export const MAX_OBJECT_BYTES = 32 * 1024 * 1024;

/** Most files in a package: a package of headers has hundreds, and each is listed in the registry's answers. */
export const MAX_PACKAGE_FILES = 1000;

/** Longest path in a package in UTF-8 bytes: what the ustar header's prefix holds (pax(1), "ustar Interchange Format"). */
export const MAX_PATH_BYTES = 155;

/**
 * Longest part of a path in UTF-8 bytes: with MAX_PATH_BYTES, every path fits name and prefix of a ustar header. The name holds 100,
 * but tar would put "./" before a name of exactly 100.
 */
export const MAX_PATH_PART_BYTES = 99;

/** Largest archive of a package and kernels' BTF in bytes: tailored BTF has some kilobytes for each of a few thousand kernels. */
export const MAX_BTF_ARCHIVE_BYTES = 64 * 1024 * 1024;

/** Most entries of such an archive, folders included. */
export const MAX_BTF_ARCHIVE_ENTRIES = 20_000;
/** Longest signed note in characters: a checkpoint has 300, and some witnesses' signatures may follow. */
export const MAX_NOTE_LENGTH = 16 * 1024;
/** Longest statement that a publisher signs, in bytes: where and how something was built takes one or two kilobytes. */
export const MAX_STATEMENT_BYTES = 4 * 1024;
/** Longest list of revocations in characters: 25,000 archives that were taken down. */
export const MAX_REVOCATIONS_LENGTH = 2 * 1024 * 1024;
