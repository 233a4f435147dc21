/** The first word of a command line that nobody types: what runs as root has an answer kept by a child with it, which is the user. */
export const APPROVE_WORD = 'internal:approve';
