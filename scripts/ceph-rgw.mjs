// A real S3 server for tests: one Ceph monitor, manager, OSD (in memory) and RADOS gateway, on loopback and free ports, in a
// directory of its own. It prints one line of JSON when it answers, and ends, leaving nothing behind, when its standard
// input ends or it gets SIGINT or SIGTERM.
//
//   node scripts/ceph-rgw.mjs
//   {"endpoint":"http://127.0.0.1:40017","accessKey":"...","secretKey":"..."}
//
// Needs these Debian packages: ceph-mon ceph-mgr ceph-osd radosgw ceph-common.

import { execFile, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const PROGRAMS = [
  'ceph',
  'ceph-authtool',
  'ceph-mgr',
  'ceph-mon',
  'ceph-osd',
  'monmaptool',
  'radosgw',
  'radosgw-admin',
  'setpriv',
];
const PACKAGES = 'ceph-mon ceph-mgr ceph-osd radosgw ceph-common';
/** Ceph answers within a second or two; a loaded machine may need longer. */
const STEP_MS = 60_000;

await main();

async function main() {
  await needPrograms();
  const directory = await mkdtemp(join(tmpdir(), 'ebpm-rgw-'));
  const daemons = [];
  const ended = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM'), once(process.stdin.resume(), 'end')]);
  try {
    const server = await Promise.race([start(directory, daemons), ended.then(() => undefined)]);
    if (server !== undefined) {
      process.stdout.write(`${JSON.stringify(server)}\n`);
      await ended;
    }
  } catch (error) {
    process.stderr.write(`${error.message}\n${await lastWords(directory)}`);
    process.exitCode = 1;
  } finally {
    for (const daemon of daemons.reverse()) await stop(daemon);
    await rm(directory, { recursive: true, force: true });
    process.stdin.destroy();
  }
}

async function needPrograms() {
  const path = (process.env.PATH ?? '').split(delimiter).concat('/usr/sbin', '/sbin');
  for (const program of PROGRAMS) {
    const found = await Promise.all(
      path.map((folder) =>
        access(join(folder, program)).then(
          () => true,
          () => false,
        ),
      ),
    );
    if (found.includes(true)) continue;
    process.stderr.write(
      `Cannot start an S3 server: "${program}" is not installed\napt-get install --no-install-recommends ${PACKAGES}\n`,
    );
    process.exit(1);
  }
}

async function start(directory, daemons) {
  const [monPort, monPortV1, rgwPort] = await freePorts(3);
  const accessKey = randomBytes(10).toString('hex');
  const secretKey = randomBytes(20).toString('hex');
  const fsid = randomUUID();
  const conf = join(directory, 'ceph.conf');
  const keyring = join(directory, 'keyring');
  const monitors = `[v2:127.0.0.1:${monPort},v1:127.0.0.1:${monPortV1}]`;
  await writeFile(conf, config({ directory, keyring, fsid, monitors, rgwPort }));
  for (const name of ['mon.a', 'mgr.x', 'osd.0', 'log']) await mkdir(join(directory, name));

  const run = (program, ...args) => promisify(execFile)(program, args, { timeout: STEP_MS, env: environment(conf) });
  const launch = (program, ...args) => {
    const daemon = launched(program, [...args, '-c', conf, '-f'], { directory, conf });
    daemons.push(daemon);
    return daemon;
  };

  await makeKeys(run, keyring);
  const map = join(directory, 'monmap');
  await run('monmaptool', '--create', '--fsid', fsid, '--addv', 'a', monitors, map);
  await run('ceph-mon', '-c', conf, '--mkfs', '-i', 'a', '--monmap', map, '--keyring', keyring);
  const mon = launch('ceph-mon', '-i', 'a');
  await until('the monitor answers', mon, () => run('ceph', '-c', conf, '--connect-timeout', '5', 'mon', 'stat'));
  launch('ceph-mgr', '-i', 'x');
  const osdId = randomUUID();
  await run('ceph', '-c', conf, 'osd', 'new', osdId, '0');
  await run('ceph-osd', '-c', conf, '-i', '0', '--mkfs', '--osd-uuid', osdId);
  const osd = launch('ceph-osd', '-i', '0');
  await until('the OSD is up', osd, async () => {
    const { stdout } = await run('ceph', '-c', conf, 'osd', 'stat');
    if (!stdout.includes('1 up')) throw new Error(stdout);
  });
  // Else the first bucket and the first object would make these pools, within a test, for seconds.
  for (const pool of ['default.rgw.buckets.index', 'default.rgw.buckets.data']) {
    await run('ceph', '-c', conf, 'osd', 'pool', 'create', pool, '1');
    await run('ceph', '-c', conf, 'osd', 'pool', 'application', 'enable', pool, 'rgw');
  }
  const rgw = launch('radosgw', '-n', 'client.rgw.x');
  const endpoint = `http://127.0.0.1:${rgwPort}`;
  await until('the gateway answers', rgw, () => fetch(endpoint));
  const user = ['--uid', 'ebpm', '--display-name', 'ebpm', '--access-key', accessKey, '--secret-key', secretKey];
  await run('radosgw-admin', '-c', conf, 'user', 'create', ...user);
  return { endpoint, accessKey, secretKey };
}

function config({ directory, keyring, fsid, monitors, rgwPort }) {
  return `[global]
fsid = ${fsid}
mon host = ${monitors}
keyring = ${keyring}
run dir = ${directory}
log file = ${directory}/log/$name.log
admin socket = ${directory}/$name.asok
pid file = ${directory}/$name.pid
crash dir = ${directory}
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon warn on pool no redundancy = false
mon max pg per osd = 1000
mon data avail warn = 1
mon data avail crit = 1
auth allow insecure global id reclaim = false
[mon.a]
mon data = ${directory}/mon.a
[mgr.x]
public addr = 127.0.0.1
mgr data = ${directory}/mgr.x
[osd]
public addr = 127.0.0.1
cluster addr = 127.0.0.1
osd data = ${directory}/osd.0
osd objectstore = memstore
memstore device bytes = 4294967296
osd class load list = *
osd class default list = *
[client.rgw.x]
# Without tcp_nodelay each GET, HEAD and 412 takes 45 ms: its header waits for the acknowledgement of nothing.
rgw frontends = beast endpoint=127.0.0.1:${rgwPort} tcp_nodelay=1
rgw dns name = localhost
debug rgw = 0
`;
}

async function makeKeys(run, keyring) {
  const keys = {
    'mon.': ['mon', 'allow *'],
    'client.admin': ['mon', 'allow *', 'osd', 'allow *', 'mgr', 'allow *', 'mds', 'allow *'],
    'osd.0': ['mon', 'allow profile osd', 'osd', 'allow *', 'mgr', 'allow profile osd'],
    'mgr.x': ['mon', 'allow profile mgr', 'osd', 'allow *', 'mds', 'allow *'],
    'client.rgw.x': ['mon', 'allow rw', 'osd', 'allow rwx', 'mgr', 'allow rw'],
  };
  await run('ceph-authtool', '--create-keyring', keyring);
  for (const [name, caps] of Object.entries(keys)) {
    const pairs = [];
    for (let i = 0; i < caps.length; i += 2) pairs.push('--cap', caps[i], caps[i + 1]);
    await run('ceph-authtool', keyring, '--gen-key', '-n', name, ...pairs);
  }
}

/** The daemon dies with this process, even when that is killed. */
function launched(program, args, { directory, conf }) {
  const output = createWriteStream(join(directory, 'log', `${program}.out`));
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment(conf),
    detached: true,
  });
  child.stdout.pipe(output, { end: false });
  child.stderr.pipe(output, { end: false });
  const daemon = { program, child, hasEnded: false };
  daemon.ended = new Promise((resolve) => {
    child.on('error', resolve).on('exit', resolve);
  }).then(() => {
    daemon.hasEnded = true;
  });
  return daemon;
}

/** TERM, and KILL after ten seconds. */
async function stop({ child, ended }) {
  child.kill('SIGTERM');
  const patience = new AbortController();
  const tooLong = sleep(10_000, undefined, { signal: patience.signal }).then(
    () => child.kill('SIGKILL'),
    () => undefined,
  );
  await ended;
  patience.abort();
  await tooLong;
}

async function until(what, daemon, attempt) {
  const endMs = Date.now() + STEP_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (daemon.hasEnded) throw new Error(`Cannot start an S3 server: ${daemon.program} ended before ${what}`);
      if (Date.now() > endMs)
        throw new Error(`Cannot start an S3 server: it took too long until ${what}: ${error.message}`);
    }
    await sleep(200);
  }
}

function environment(conf) {
  return { ...process.env, PATH: `${process.env.PATH ?? ''}${delimiter}/usr/sbin${delimiter}/sbin`, CEPH_CONF: conf };
}

/** All are held until the last is found, so that they differ. */
async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

async function lastWords(directory) {
  const names = ['ceph-mon', 'ceph-mgr', 'ceph-osd', 'radosgw'];
  const texts = await Promise.all(
    names.map((name) => readFile(join(directory, 'log', `${name}.out`), 'utf8').catch(() => '')),
  );
  return texts.map((text) => text.slice(-1000)).join('');
}
