import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './run-step.mjs';

/** Who may import whom: a package and the packages of ours that it may import. */
const ARROWS = {
  schemas: [],
  formats: ['schemas'],
  object: ['formats'],
  events: ['formats', 'object'],
  compiler: ['formats', 'object'],
  loader: ['formats', 'object'],
  wasm: ['formats', 'object', 'events', 'loader'],
  runner: ['formats', 'object', 'events', 'loader', 'wasm'],
  exporter: ['schemas', 'formats', 'events', 'runner'],
  client: ['schemas', 'formats', 'object'],
  lab: ['formats'],
  hub: ['formats', 'object', 'events'],
  registry: ['schemas', 'formats', 'object', 'hub'],
  cli: ['schemas', 'formats', 'object', 'events', 'compiler', 'loader', 'wasm', 'runner', 'exporter', 'client', 'lab'],
};

/** One door to each outside world: what may stand only in these files or folders. */
const DOORS = [
  {
    what: 'undici',
    pattern: /from 'undici'|import\('undici'\)/,
    only: ['client/src/http-agent.ts', 'registry/src/outbound.ts'],
  },
  { what: '@aws-sdk/client-s3', pattern: /'@aws-sdk\//, only: ['registry/src/stores/s3.ts'] },
  { what: 'the .node file', pattern: /\.node['"`]/, only: ['loader/src/binding.ts'] },
  { what: '@oclif/core', pattern: /'@oclif\//, only: ['cli/src/'] },
  {
    what: 'child processes',
    pattern: /'node:child_process'/,
    only: ['compiler/src/', 'lab/src/', 'cli/src/', 'client/src/'],
  },
  { what: 'process.env', pattern: /\bprocess\.env\b/, only: ['cli/src/', 'registry/src/main.ts'] },
  { what: 'process.exit', pattern: /\bprocess\.exit\b/, only: ['cli/src/', 'registry/src/main.ts'] },
  {
    what: 'console',
    pattern: /\bconsole\.(log|info|warn|error|debug|table|trace)\(/,
    only: ['cli/src/', 'registry/src/main.ts'],
  },
];

/** Packages whose code runs on any platform, a browser too, and what of Node they may use all the same. */
const PURE = { formats: ['node:crypto', 'node:buffer', 'node:zlib'], object: [], events: [] };

const problems = [];
for (const [name, folder] of packages()) {
  for (const file of sources(folder)) check(name, file);
}
if (problems.length > 0) {
  process.stderr.write(`The import table of the design is broken:\n${problems.join('\n')}\n`);
  process.exit(1);
}

function packages() {
  const inPackages = readdirSync(join(ROOT, 'packages')).map((name) => [name, `packages/${name}`]);
  return [['schemas', 'schemas'], ...inPackages];
}

function sources(folder) {
  return readdirSync(join(ROOT, folder, 'src'), { recursive: true })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => `${folder}/src/${path}`);
}

function check(name, file) {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const allowed = ARROWS[name];
  if (allowed === undefined) return problems.push(`${file}: package "${name}" is not in the table`);
  for (const [, imported] of text.matchAll(/(?:from|import|import\()\s*'([^']+)'/g)) {
    const ours = /^@ebpm\/([a-z-]+)/.exec(imported)?.[1];
    if (ours !== undefined && !allowed.includes(ours)) problems.push(`${file}: ${name} may not import ${ours}`);
    if (imported.startsWith('../'.repeat(file.split('/').length - folderDepth(name)))) {
      problems.push(`${file}: "${imported}" leaves its package`);
    }
    if (name in PURE && imported.startsWith('node:') && !PURE[name].includes(imported)) {
      problems.push(`${file}: ${name} is pure and may not import ${imported}`);
    }
  }
  for (const door of DOORS) {
    if (door.pattern.test(text) && !door.only.some((place) => file.startsWith(`packages/${place}`))) {
      problems.push(`${file}: ${door.what} belongs only in ${door.only.join(', ')}`);
    }
  }
}

/** Path parts up to and including `src`: one `../` more than lies below it leaves the package. */
function folderDepth(name) {
  return name === 'schemas' ? 2 : 3;
}
