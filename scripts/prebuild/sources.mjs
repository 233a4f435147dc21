/**
 * The libraries that are inside the prebuilt addon: Debian's source package, the release of Debian that it is taken from, and the
 * upstream version that it must have. Debian's own revision is the newest, so that its security fixes are in; what was used is
 * written down beside the addon.
 */
export const SOURCES = [
  { library: 'zlib', source: 'zlib', suite: 'bookworm', version: '1.2.13' },
  { library: 'libelf', source: 'elfutils', suite: 'trixie', version: '0.192' },
  { library: 'libbpf', source: 'libbpf', suite: 'trixie', version: '1.5.0' },
];

/** Where they come from: apt checks every file against the signed index. */
export const ARCHIVE = {
  key: '/usr/share/keyrings/debian-archive-keyring.gpg',
  repositories: [
    ['http://deb.debian.org/debian', ''],
    ['http://deb.debian.org/debian-security', '-security'],
  ],
};
