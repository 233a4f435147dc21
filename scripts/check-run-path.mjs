import { bundledModules } from './bundled-modules.mjs';
import { CLI_BUNDLE } from './cli-bundle.mjs';

/**
 * Third-party modules that `ebpm run` may reach, since it runs as root, and why each is there.
 * A module that is only reached by unprivileged commands does not belong here.
 */
const ALLOWED = {
  '@oclif/core': 'parses the command line; the packages below are what it brings along',
  ansis: 'of @oclif/core',
  'clean-stack': 'of @oclif/core',
  'cli-spinners': 'of @oclif/core',
  'color-convert': 'of @oclif/core',
  'color-name': 'of @oclif/core',
  debug: 'of @oclif/core',
  ejs: 'of @oclif/core',
  'escape-string-regexp': 'of @oclif/core',
  'get-package-type': 'of @oclif/core',
  'has-flag': 'of @oclif/core',
  'indent-string': 'of @oclif/core',
  'is-wsl': 'of @oclif/core',
  'is-docker': 'of @oclif/core',
  'is-inside-container': 'of @oclif/core',
  'powershell-utils': 'of @oclif/core',
  'wsl-utils': 'of @oclif/core',
  lilconfig: 'of @oclif/core',
  minimatch: 'of @oclif/core',
  'brace-expansion': 'of @oclif/core',
  'balanced-match': 'of @oclif/core',
  ms: 'of @oclif/core',
  semver: 'picks the installed version that a range asks for; also of @oclif/core',
  'string-width': 'of @oclif/core',
  'emoji-regex': 'of @oclif/core',
  'is-fullwidth-code-point': 'of @oclif/core',
  'strip-ansi': 'of @oclif/core',
  'ansi-regex': 'of @oclif/core',
  'ansi-escapes': 'of @oclif/core',
  'supports-color': 'of @oclif/core',
  tinyglobby: 'of @oclif/core',
  fdir: 'of @oclif/core',
  picomatch: 'of @oclif/core',
  'widest-line': 'of @oclif/core',
  wordwrap: 'of @oclif/core',
  'wrap-ansi': 'of @oclif/core',
  'ansi-styles': 'of @oclif/core',
};

const entryPoints = ['packages/cli/src/run-entry.ts'];
const folders = await bundledModules({ ...CLI_BUNDLE, entryPoints });
const found = new Set(
  folders.map((folder) => folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length)),
);
const strangers = [...found].filter((name) => !(name in ALLOWED));
const leftOver = Object.keys(ALLOWED).filter((name) => !found.has(name));
if (strangers.length > 0 || leftOver.length > 0) {
  for (const name of strangers)
    process.stderr.write(`The privileged path of "ebpm run" pulls in "${name}", which is not listed\n`);
  for (const name of leftOver)
    process.stderr.write(`"${name}" is listed for the privileged path of "ebpm run", which does not use it\n`);
  process.exit(1);
}
