/** The first word of a command line that nobody types: a run has its registry asked with it what was revoked. */
export const REFRESH_WORD = 'internal:refresh-revocations';
