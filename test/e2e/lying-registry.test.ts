import { generateKeyPairSync, hkdfSync } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  digestOf,
  encodeBase64,
  isSignedBundle,
  logOrigin,
  noteSigner,
  openBundle,
  publicKeyOf,
  publisherKeyId,
  publishStatement,
  signBundle,
  signCheckpoint,
} from '@ebpm/formats';
import {
  type ApiPackage,
  type ApiVersion,
  cliErrorKind,
  cliInfoKind,
  cliInstallKind,
  cliKeyKind,
  cliKeysKind,
  cliPublishKind,
  cliRegistryChangeKind,
  cliTrustForgetKind,
  cliTrustKind,
  type Kind,
  validate,
} from '@ebpm/schemas';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { recordText, writeRecordText } from './installed-version.js';
import { type Lie, LyingProxy, lieInJson } from './lying-proxy.js';
import { openWorld, type World } from './open-world.js';
import { runEbpm } from './run-ebpm.js';

let world: World;
let proxy: LyingProxy;
let alice: Person;

beforeAll(async () => {
  world = await openWorld();
  proxy = await LyingProxy.start(world.registry.url);
  alice = new Person(world.registry.url);
  await alice.json(cliKeyKind, 'keys', 'generate');
  await alice.json(cliKeyKind, 'keys', 'add');
});
afterEach(() => {
  proxy.lie = undefined;
});
afterAll(async () => {
  await proxy?.close();
  await world?.close();
});

/** Somebody with a home of his own, who reaches the registry at some address. */
class Person {
  readonly home = world.newHome();
  readonly env: Record<string, string>;

  constructor(url: string) {
    this.env = { EBPM_HOME: this.home, EBPM_REGISTRY: url, EBPM_TOKEN: world.token };
  }

  async json<T>(kind: Kind<T>, ...args: readonly string[]): Promise<T> {
    const { exitCode, stdout, stderr } = await runEbpm([...args, '--json'], { env: this.env });
    expect({ args, exitCode, stderr, stdout }).toMatchObject({ exitCode: 0, stderr: '' });
    return valid(kind, stdout);
  }

  async failure(...args: readonly string[]): Promise<string> {
    const { stdout } = await runEbpm([...args, '--json'], { env: this.env });
    return valid(cliErrorKind, stdout).error.code;
  }

  publish(version: string, manifest: object = {}, ...flags: readonly string[]) {
    return this.json(cliPublishKind, 'publish', world.newProject({ version, ...manifest }), ...flags);
  }

  /** What is installed, as files. */
  installed(): readonly string[] {
    const folder = join(this.home, 'installed');
    return existsSync(folder) ? (readdirSync(folder, { recursive: true }) as string[]).sort() : [];
  }
}

function valid<T>(kind: Kind<T>, text: string): T {
  const checked = validate(kind, JSON.parse(text));
  if (!checked.ok) throw new Error(`${JSON.stringify(checked.problems)} in ${text}`);
  return checked.value;
}

const inPackage = (name: string, change: (body: ApiPackage) => void): Lie =>
  lieInJson(new RegExp(`/packages/${name}$`), change);

/** Tells the truth but for the head of the log. */
function lieAboutHead(change: (head: { registry: string; seq: number; hash: string; time: string }) => string): Lie {
  return (_, { headers }) => {
    const note = Buffer.from(headers['ebpm-checkpoint'] ?? '', 'base64').toString('utf8');
    const [origin = '', seq = '', hash = '', time = ''] = note.split('\n');
    const head = { registry: origin.split('/')[1] ?? '', seq: Number(seq), hash, time };
    if (note !== '') headers['ebpm-checkpoint'] = Buffer.from(change(head)).toString('base64');
  };
}

describe('ebpm keys and publish', () => {
  it('ebpm signs with a key that is registered, says how CI built it, and shows its keys', async () => {
    const file = join(alice.home, 'keys/default.pem');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const { keys } = await alice.json(cliKeysKind, 'keys', 'ls');
    expect(keys).toEqual([expect.objectContaining({ id: expect.stringMatching(/^k_/) })]);
    expect(await alice.failure('publish', world.newProject({ name: 'ci' }), '--provenance')).toBe(
      'EBPM_PROVENANCE_UNKNOWN',
    );
    const ci = new Person(world.registry.url);
    Object.assign(ci.env, {
      GITLAB_CI: 'true',
      CI_PROJECT_URL: 'https://gitlab.com/a/b',
      EBPM_SIGNING_KEY: readFileSync(file, 'utf8'),
    });
    const published = await ci.publish('1.0.0', { name: 'ci' }, '--provenance');
    expect(published).toMatchObject({ key: keys[0]?.id, provenance: true });
    expect(existsSync(join(ci.home, 'keys'))).toBe(false);
    const answer = await fetch(`${world.registry.url}/api/v1/packages/ci/versions/1.0.0`);
    const { bundles = [] } = (await answer.json()) as ApiVersion;
    const opened = bundles.map(openBundle);
    expect(opened.map((bundle) => isSignedBundle(bundle, keys[0]?.publicKey ?? ''))).toEqual([true, true]);
    expect(Buffer.from(opened[1]?.payload ?? []).toString()).toContain('https://gitlab.com/a/b');
    expect((await alice.json(cliInfoKind, 'info', 'ci')).signature).toEqual({
      key: keys[0]?.id,
      pinned: false,
      provenance: { builder: 'https://gitlab.com/a/b/-/runners' },
    });
    expect(await new Person(world.registry.url).failure('publish', world.newProject(), '--key', 'x')).toBe(
      'EBPM_KEY_FILE_MISSING',
    );
  });

  it('ebpm keys rotate lets a new key take the place of one, which installations follow, and no other key', async () => {
    const person = new Person(world.registry.url);
    await alice.publish('1.0.0', { name: 'rotated' });
    await person.json(cliInstallKind, 'install', 'rotated@1.0.0');
    const rotated = await alice.json(cliKeyKind, 'keys', 'rotate');
    await alice.publish('1.1.0', { name: 'rotated' });
    await person.json(cliInstallKind, 'install', 'rotated@1.1.0');
    const record = JSON.parse(recordText(person.home, 'rotated@1.1.0'));
    expect(publisherKeyId(record.signature.key)).toBe(rotated.id);
    expect(existsSync(join(alice.home, `keys/default.${rotated.replaces}.pem`))).toBe(true);
  });

  it('ebpm keys revoke ends what a key has signed; a new one is trusted when the user names it', async () => {
    const bob = new Person(world.registry.url);
    await bob.json(cliKeyKind, 'keys', 'generate');
    const { id } = await bob.json(cliKeyKind, 'keys', 'add');
    await bob.publish('1.0.0', { name: 'revoked' });
    const person = new Person(world.registry.url);
    await person.json(cliInstallKind, 'install', 'revoked');
    expect(await bob.json(cliRegistryChangeKind, 'keys', 'revoke', id)).toMatchObject({
      change: 'key-revoked',
      key: id,
    });
    expect(await new Person(world.registry.url).failure('install', 'revoked')).toBe('EBPM_KEY_REVOKED');
    await alice.publish('1.1.0', { name: 'revoked' });
    expect(await person.failure('install', 'revoked@1.1.0')).toBe('EBPM_KEY_CHANGED');
    const { keys } = await alice.json(cliKeysKind, 'keys', 'ls');
    const own = publisherKeyId(publicKeyOf(generateKeyPairSync('ed25519').privateKey));
    expect(await person.failure('install', 'revoked@1.1.0', '--accept-key', own)).toBe('EBPM_KEY_CHANGED');
    const signer = keys.find((key) => key.replacedBy === undefined)?.id ?? '';
    await person.json(cliInstallKind, 'install', 'revoked@1.1.0', '--accept-key', signer);
  });
});

describe('a registry that lies', () => {
  let person: Person;
  beforeAll(async () => {
    person = await victim();
  });

  it.each<[string, string, () => Lie]>([
    [
      'says of a package what its programs do not do',
      'EBPM_FACTS_MISMATCH',
      () =>
        inPackage('victim', ({ versions }) => {
          for (const one of versions) one.factsDigest = `sha256:${'0'.repeat(64)}`;
        }),
    ],
    [
      'gives a version another digest',
      'EBPM_SIGNATURE_INVALID',
      () =>
        inPackage('victim', ({ versions }) => {
          for (const one of versions) one.digest = digestOf(Buffer.from('other'));
        }),
    ],
    [
      'sends another archive',
      'EBPM_DIGEST_MISMATCH',
      () => (path, answer) => {
        if (path.includes('/blobs/')) answer.body = Buffer.concat([answer.body, Buffer.alloc(512)]);
      },
    ],
    [
      'leaves the signature out',
      'EBPM_SIGNATURE_MISSING',
      () =>
        inPackage('victim', ({ versions }) => {
          for (const one of versions) delete one.signature;
        }),
    ],
    [
      'has it signed by a key of its own',
      'EBPM_KEY_CHANGED',
      () => {
        const { privateKey } = generateKeyPairSync('ed25519');
        const publicKey = publicKeyOf(privateKey);
        const id = publisherKeyId(publicKey);
        return inPackage('victim', (body) => {
          for (const one of body.versions) {
            const subject = { name: 'victim', version: one.version, digest: digestOf(Buffer.from('evil')) };
            one.digest = subject.digest;
            const { signature } = openBundle(signBundle(publishStatement(subject), privateKey));
            one.signature = { key: id, sig: encodeBase64(signature) };
          }
          const older = body.keys?.[0];
          const registeredAt = '2026-01-01T00:00:00.000Z';
          body.keys = [
            ...(body.keys ?? []),
            { id, publicKey, registeredAt, ...(older && { replaces: older.id, rotation: 'A'.repeat(86) }) },
          ];
        });
      },
    ],
    [
      'shows a log that went back',
      'EBPM_REGISTRY_WENT_BACK',
      () =>
        (_, { headers }) => {
          if (headers['ebpm-checkpoint'] !== undefined) headers['ebpm-checkpoint'] = OLD_HEAD;
        },
    ],
    [
      'shows a log that forked',
      'EBPM_REGISTRY_FORKED',
      () =>
        (_, { headers }) => {
          if (headers['ebpm-checkpoint'] !== undefined) headers['ebpm-checkpoint'] = FORKED_HEAD;
        },
    ],
    [
      'signs its log with another key',
      'EBPM_REGISTRY_KEY_CHANGED',
      () => (path, answer) => {
        const { registry } = HEAD;
        const signer = noteSigner(logOrigin(registry), new Uint8Array(32).fill(9));
        const note = signCheckpoint({ ...HEAD, seq: HEAD.seq + 5, hash: '9'.repeat(64) }, signer);
        answer.headers['ebpm-checkpoint'] = Buffer.from(note).toString('base64');
        if (!path.endsWith('/log/key')) return;
        const { name, id, publicKey } = signer.key;
        answer.body = Buffer.from(`${name}+${id}+${Buffer.from([1, ...publicKey]).toString('base64')}\n`);
      },
    ],
    [
      'changes the head that it signed',
      'EBPM_NOTE_INVALID',
      () =>
        lieAboutHead(
          ({ registry, seq, hash, time }) => `${logOrigin(registry)}\n${seq + 1}\n${hash}\n${time}\n\n— x y\n`,
        ),
    ],
    [
      'shows no head',
      'EBPM_REGISTRY_HEAD_MISSING',
      () =>
        (_, { headers }) => {
          delete headers['ebpm-checkpoint'];
        },
    ],
  ])('ebpm install, inspect, diff and check refuse a registry that %s: %s', async (_, code, lie) => {
    const before = person.installed();
    proxy.lie = lie();
    expect(await person.failure('install', 'victim@1.1.0')).toBe(code);
    for (const words of [['inspect'], ['check'], ['diff', 'victim@1.0.0']]) {
      expect(await person.failure(...words, 'victim@1.1.0')).toBe(code);
    }
    expect(person.installed()).toEqual(before);
    expect(before).toContain('victim@1.0.0.tar');
  });

  it('ebpm install refuses a registry that repeats an old list of revocations: EBPM_REVOCATIONS_OLD', async () => {
    const before = person.installed();
    forgetWhenAsked(person);
    proxy.lie = (asked, answer) => {
      if (asked.endsWith('/log/revocations')) answer.body = Buffer.from(OLD_LIST);
    };
    expect(await person.failure('install', 'victim@1.1.0')).toBe('EBPM_REVOCATIONS_OLD');
    expect(person.installed()).toEqual(before);
  });

  it('ebpm install takes from the same registry what is true', async () => {
    await person.json(cliInstallKind, 'install', 'victim@1.1.0');
    expect(person.installed()).toContain('victim@1.1.0.tar');
  });

  it('ebpm run refuses a version in the store that is not what was signed', async () => {
    const record = JSON.parse(recordText(person.home, 'victim@1.0.0'));
    const key = publicKeyOf(generateKeyPairSync('ed25519').privateKey);
    const forged = JSON.stringify({ ...record, signature: { ...record.signature, key } });
    writeRecordText(person.home, 'victim@1.0.0', forged);
    expect(await person.failure('check', 'victim@1.0.0')).toBe('EBPM_SIGNATURE_INVALID');
    await person.json(cliInstallKind, 'install', 'victim@1.0.0');
    expect(JSON.parse(recordText(person.home, 'victim@1.0.0')).signature).toEqual(record.signature);
  });

  it("ebpm.lock pins the publisher's key, for machines that have installed nothing", async () => {
    const cwd = world.newProject({ name: 'user', dependencies: { victim: '1.1.0' } });
    const other = new Person(proxy.url);
    const run = (...args: readonly string[]) => runEbpm([...args, '--json'], { env: other.env, cwd });
    expect((await run('install')).exitCode).toBe(0);
    const { key } = JSON.parse(readFileSync(join(cwd, 'ebpm.lock'), 'utf8')).packages.victim;
    const signer = JSON.parse(recordText(other.home, 'victim@1.1.0')).signature;
    expect(key).toBe(publisherKeyId(signer.key));
    other.env['EBPM_HOME'] = world.newHome();
    proxy.lie = inPackage('victim', ({ versions }) => {
      for (const one of versions) delete one.signature;
    });
    expect(valid(cliErrorKind, (await run('ci')).stdout).error.code).toBe('EBPM_SIGNATURE_MISSING');
    proxy.lie = undefined;
    expect((await run('ci')).exitCode).toBe(0);
  });

  it('ebpm run and install refuse what was taken down, once they have heard of it', async () => {
    await world.takeDown('victim', '1.1.0');
    expect(await codeOfRun(person, 'victim@1.1.0')).not.toBe('EBPM_TAKEN_DOWN');
    forgetWhenAsked(person);
    await alice.publish('1.2.0', { name: 'victim' });
    await person.json(cliInstallKind, 'install', 'victim@1.2.0');
    expect(await codeOfRun(person, 'victim@1.1.0')).toBe('EBPM_TAKEN_DOWN');
    expect(await person.failure('check', 'victim@1.1.0')).toBe('EBPM_TAKEN_DOWN');
    expect(await codeOfRun(person, 'victim@1.2.0')).not.toBe('EBPM_TAKEN_DOWN');
  });

  it('ebpm trust ls and forget show and end what is known of a registry', async () => {
    const { registries } = await person.json(cliTrustKind, 'trust', 'ls');
    expect(registries).toEqual([expect.objectContaining({ registry: proxy.url, key: expect.stringContaining('+') })]);
    expect(await person.json(cliTrustForgetKind, 'trust', 'forget', proxy.url)).toMatchObject({ forgotten: true });
    expect(await person.json(cliTrustForgetKind, 'trust', 'forget', proxy.url)).toMatchObject({ forgotten: false });
    expect((await person.json(cliTrustKind, 'trust', 'ls')).registries).toEqual([]);
  });
});

/** As after an hour, or the registry would not be asked what it has revoked. */
function forgetWhenAsked({ home }: Person): void {
  const name = readdirSync(join(home, 'trust')).find((file) => file.endsWith('.revoked.json')) ?? '';
  const path = join(home, 'trust', name);
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), askedAtMs: 0 }));
}

/** What a short run fails with; nothing where the machine lets it run. */
async function codeOfRun({ env }: Person, spec: string): Promise<string | undefined> {
  const { stderr } = await runEbpm(['run', '--duration', '1ms', spec], { env });
  return /^code: (\S+)$/m.exec(stderr)?.[1];
}

/** The head of the log now, one from before, and another one under the same number that the registry's own key has signed. */
let HEAD: { registry: string; seq: number; hash: string; time: string };
let OLD_HEAD: string;
let OLD_LIST: string;
let FORKED_HEAD: string;

/** Somebody who has installed a version of a package of which there is a newer one. */
async function victim(): Promise<Person> {
  const person = new Person(proxy.url);
  await alice.publish('1.0.0', { name: 'victim' });
  OLD_HEAD = await headNow();
  OLD_LIST = await (await fetch(`${world.registry.url}/api/v1/log/revocations`)).text();
  await alice.publish('1.1.0', { name: 'victim' });
  await person.json(cliInstallKind, 'install', 'victim@1.0.0');
  const note = Buffer.from(await headNow(), 'base64').toString('utf8');
  const [origin = '', seq, hash = '', time = ''] = note.split('\n');
  HEAD = {
    registry: origin.split('/')[1] ?? '',
    seq: Number(seq),
    hash: Buffer.from(hash, 'base64').toString('hex'),
    time,
  };
  const signer = noteSigner(origin, logSeed());
  FORKED_HEAD = Buffer.from(signCheckpoint({ ...HEAD, hash: '5'.repeat(64) }, signer)).toString('base64');
  return person;
}

async function headNow(): Promise<string> {
  const { headers } = await fetch(`${world.registry.url}/api/v1/packages/victim`);
  return headers.get('ebpm-checkpoint') ?? '';
}

/** What the registry itself signs its heads with: whoever runs it can sign two histories. */
function logSeed(): Uint8Array {
  const secret = Buffer.from(readFileSync(world.place.keyFile, 'utf8').trim(), 'hex');
  return new Uint8Array(hkdfSync('sha256', secret, '', 'ebpm-registry log', 32));
}
