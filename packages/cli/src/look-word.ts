/** The first word of a command line that nobody types: what looks at a package has it downloaded by a child with it. */
export const LOOK_WORD = 'internal:look';

/** What stands behind the spec where the version is meant that the lockfile here names. */
export const BY_LOCKFILE = 'by-lockfile';
