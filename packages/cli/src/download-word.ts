/** The first word of a command line that nobody types: what runs as root has an address read by a child with it. */
export const DOWNLOAD_WORD = 'internal:download';
