import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startChild } from './child.mjs';
import { REGISTRY, writeConfig } from './place.mjs';

/** Pinned, so that runs can be compared, to one that Node 20 runs; installed on demand and kept in .cache. */
const VERDACCIO = '6.1.6';
const CACHE = fileURLToPath(new URL('../../.cache/bench-verdaccio/', import.meta.url));
const FASTIFY = fileURLToPath(new URL('../../packages/registry/package.json', import.meta.url));

/** `ebpm-registry` in the configuration of docs/hosting.md; `more` are further flags. */
export function startEbpm({ folder, name, place, env = {}, more = [] }) {
  const config = writeConfig(folder, name, place);
  return startChild(process.execPath, [REGISTRY, '--config', config, '--json', ...more], {
    env: { HOME: folder, ...env },
    pattern: /"listening":"([^"]+)"/,
    stderr: more.includes('--access-log') ? 'ignore' : 'inherit',
  });
}

/** Runs a command of `ebpm-registry` on a place, and gives what it prints. */
export function runEbpm(place, env, ...words) {
  const args = [REGISTRY, ...words, '--store', place.store, '--key-file', place.keyFile];
  return execFileSync(process.execPath, args, { env: { PATH: process.env.PATH, ...env }, encoding: 'utf8' }).trim();
}

/** Who may publish to a verdaccio, and how it knows him. */
const VERDACCIO_AUTH = {
  anybody: { publish: '$anonymous', more: () => '' },
  /** As in the configuration that it comes with: a token of `npm login` stands for name and password, which are checked each time. */
  users: { publish: '$authenticated', more: (folder) => htpasswd(folder) },
  /** As its documentation advises where that is too slow. */
  'users with signed tokens': {
    publish: '$authenticated',
    more: (folder) => `${htpasswd(folder)}security: { api: { jwt: { sign: { expiresIn: 29d } } } }\n`,
  },
};

const htpasswd = (folder) => `auth: { htpasswd: { file: ${JSON.stringify(join(folder, 'htpasswd'))} } }\n`;

/**
 * Verdaccio with a directory; nothing is logged but errors, and it asks no other registry.
 * @param auth a key of `VERDACCIO_AUTH`; where users publish, one of them is logged in and `token` is his
 */
export async function startVerdaccio(folder, auth = 'anybody') {
  installVerdaccio();
  const port = await freePort();
  const place = join(folder, `verdaccio, ${auth}`);
  mkdirSync(place, { recursive: true });
  const config = join(place, 'config.yaml');
  const { publish, more } = VERDACCIO_AUTH[auth];
  writeFileSync(
    config,
    `storage: ${JSON.stringify(join(place, 'storage'))}
${more(place)}packages:
  '**':
    access: $all
    publish: ${publish}
log: { type: stdout, format: json, level: error }
`,
  );
  const program = join(CACHE, 'node_modules/verdaccio/bin/verdaccio');
  const child = spawn(process.execPath, [program, '--config', config, '--listen', `127.0.0.1:${port}`], {
    stdio: 'ignore',
  });
  const url = `http://127.0.0.1:${port}`;
  await untilAnswers(`${url}/-/ping`);
  return { ...stoppable(child, url), ...(auth !== 'anybody' && { token: await addUser(url) }) };
}

/** As `npm login` does. */
async function addUser(url) {
  const user = { name: 'bench', password: randomBytes(16).toString('hex') };
  const answer = await fetch(`${url}/-/user/org.couchdb.user:${user.name}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(user),
  });
  const { token } = await answer.json();
  if (token === undefined) throw new Error(`verdaccio gives no token: ${answer.status}`);
  return token;
}

/** Once; some mirrors of npm know no tags of node-fetch, which verdaccio asks for by one. */
function installVerdaccio() {
  if (existsSync(join(CACHE, 'node_modules/verdaccio'))) return;
  mkdirSync(CACHE, { recursive: true });
  const wanted = { private: true, dependencies: { verdaccio: VERDACCIO }, overrides: { 'node-fetch': '2.6.7' } };
  writeFileSync(join(CACHE, 'package.json'), JSON.stringify(wanted));
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--silent'], { cwd: CACHE, stdio: ['ignore', 2, 2] });
}

/** Nginx with one worker, which serves files of a folder. */
export async function startNginx(folder) {
  const port = await freePort();
  const config = join(folder, 'nginx.conf');
  writeFileSync(
    config,
    `worker_processes 1;
daemon off;
pid ${folder}/nginx.pid;
error_log stderr;
events { worker_connections 512; }
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000;
  types { application/json json; application/x-tar tar; }
  client_body_temp_path ${folder}/nginx-body;
  proxy_temp_path ${folder}/nginx-proxy;
  fastcgi_temp_path ${folder}/nginx-fastcgi;
  uwsgi_temp_path ${folder}/nginx-uwsgi;
  scgi_temp_path ${folder}/nginx-scgi;
  server { listen 127.0.0.1:${port}; root ${folder}/static; }
}
`,
  );
  // Started by root, its worker is another user, who must reach the files.
  const user = process.getuid() === 0 ? ['-g', 'user root;'] : [];
  const child = spawn('nginx', ['-c', config, '-p', folder, ...user], { stdio: ['ignore', 'ignore', 'inherit'] });
  const url = `http://127.0.0.1:${port}`;
  await untilAnswers(url);
  return stoppable(child, url);
}

/** The least that fastify does: two routes that send what lies in memory. */
export function startFastify(documents) {
  const script = `
    import { createRequire } from 'node:module';
    const { fastify } = createRequire(${JSON.stringify(FASTIFY)})('fastify');
    const [doc, blob] = ${JSON.stringify(documents.map((bytes) => bytes.toString('base64')))}.map((text) => Buffer.from(text, 'base64'));
    const app = fastify();
    app.get('/index.json', (_request, reply) => reply.header('content-type', 'application/json; charset=utf-8').send(doc));
    app.get('/blob.tar', (_request, reply) => reply.header('content-type', 'application/x-tar').send(blob));
    console.log('at ' + (await app.listen({ port: 0, host: '127.0.0.1' })) + ' ');`;
  return startChild(process.execPath, ['--input-type=module', '-e', script], { pattern: /at (\S+) / });
}

function stoppable(child, url) {
  const exited = once(child, 'exit');
  return {
    url,
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

async function untilAnswers(url) {
  for (let tries = 0; tries < 600; tries++) {
    try {
      await fetch(url);
      return;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
    await sleep(100);
  }
  throw new Error(`${url} does not answer`);
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
