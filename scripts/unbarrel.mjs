import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from './run-step.mjs';

const NAMED_IMPORT = /^import \{([^}]*)\} from '@ebpm\/([a-z]+)';$/gm;
const NAMED_EXPORT = /^export \{([^}]*)\} from '(\.[^']*)';$/gm;

/**
 * An esbuild plugin that has every name of another workspace imported from the file that makes it, and not through that
 * workspace's index. esbuild puts what one entry reaches into chunks by file, and through an index every entry reaches everything:
 * `ebpm --version` would read and compile all validators.
 */
export const unbarrel = {
  name: 'unbarrel',
  setup(build) {
    build.onLoad({ filter: /\/packages\/[a-z]+\/(dist|src)\/.*\.(js|ts)$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(NAMED_IMPORT, (_, names, workspace) => direct(names, workspace)),
      loader: path.endsWith('.ts') ? 'ts' : 'js',
    }));
  },
};

/** The import statements, on one line as before, so that lines keep their numbers. */
function direct(names, workspace) {
  const origins = originsOf(workspace);
  return listed(names)
    .filter(({ isType }) => !isType)
    .map(({ name, as }) => {
      const origin = origins.get(name);
      if (origin === undefined)
        throw new Error(`the index of @ebpm/${workspace} does not export "${name}" by its name`);
      return `import { ${origin.name} as ${as} } from '${origin.file}';`;
    })
    .join(' ');
}

const indexes = new Map();

/** Which file makes each name that a workspace's index exports. */
function originsOf(workspace) {
  const known = indexes.get(workspace);
  if (known !== undefined) return known;
  const index = join(ROOT, workspace === 'schemas' ? workspace : `packages/${workspace}`, 'dist/index.js');
  const origins = new Map();
  for (const [, names, file] of readFileSync(index, 'utf8').matchAll(NAMED_EXPORT)) {
    for (const { name, as } of listed(names)) origins.set(as, { name, file: join(dirname(index), file) });
  }
  indexes.set(workspace, origins);
  return origins;
}

function listed(names) {
  return names
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const [name, as = name] = part.replace(/^type /, '').split(' as ');
      return { name, as, isType: part.startsWith('type ') };
    });
}
