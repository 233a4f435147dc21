import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registryConfigKind, validate } from '@ebpm/schemas';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { SETTINGS } from '../src/config/setting-table.js';

const ROOT = join(import.meta.dirname, '../../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const config = JSON.parse(read('deploy/config.json'));
const variables = new Set(['EBPM_REGISTRY_CONFIG', ...SETTINGS.map(({ variable }) => variable)]);

/** What the tests look at in a manifest of Kubernetes. */
interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: {
    readonly selector?: { readonly matchLabels?: object };
    readonly template?: { readonly metadata: { readonly labels: object }; readonly spec: PodSpec };
    readonly ports?: readonly { readonly targetPort: string }[];
  };
}

interface PodSpec {
  readonly enableServiceLinks: boolean;
  readonly containers: readonly {
    readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
    readonly env: readonly { readonly name: string }[];
    readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
  }[];
  readonly volumes: readonly { readonly name: string }[];
}

describe('deploy/config.json', () => {
  it('is a sound configuration, and the one that docs/hosting.md shows', () => {
    expect(validate(registryConfigKind, config)).toEqual({ ok: true, value: config });
    expect(read('docs/hosting.md')).toContain(read('deploy/config.json').trim());
  });

  it('is what npm run bench measures, but for where things lie', async () => {
    const place = await import(join(ROOT, 'bench/registry/place.mjs'));
    const measured = place.measuredConfig({ store: 'memory:', keyFile: 'key', data: 'data' });
    expect(Object.keys(measured).sort()).toEqual(Object.keys(config).sort());
    const rest = (all: object) => Object.entries(all).filter(([key]) => !place.OF_THE_PLACE.includes(key));
    expect(rest(measured)).toEqual(rest(config));
    expect(validate(registryConfigKind, measured).ok).toBe(true);
    // Its servers get no flag but the access log's, and no variable that is a setting.
    const sources = readdirSync(join(ROOT, 'bench/registry')).map((name) => read(`bench/registry/${name}`));
    const flags = sources.join('\n').match(/more: \[[^\]]*\]/g);
    expect(new Set(flags)).toEqual(new Set(["more: ['--access-log']"]));
    expect(sources.join('\n')).not.toMatch(/EBPM_REGISTRY_/);
  });
});

describe('deploy/kubernetes', () => {
  const documents = parseAllDocuments(read('deploy/kubernetes/registry.yaml'));
  const manifests = documents.map((document) => document.toJS() as Manifest);
  const ofKind = (kind: string) => manifests.find((manifest) => manifest.kind === kind);

  it('is YAML of objects that each have a version, a kind and a name', () => {
    expect(documents.flatMap(({ errors, warnings }) => [...errors, ...warnings])).toEqual([]);
    for (const { apiVersion, kind, metadata } of manifests) {
      expect([apiVersion, kind, metadata.name].every((text) => typeof text === 'string' && text !== '')).toBe(true);
    }
    expect(manifests.map(({ kind }) => kind)).toEqual([
      'ConfigMap',
      'Deployment',
      'Service',
      'PodDisruptionBudget',
      'Ingress',
    ]);
  });

  it('has a sound configuration inside', () => {
    expect(validate(registryConfigKind, JSON.parse(ofKind('ConfigMap')?.data?.['config.json'] ?? '')).ok).toBe(true);
  });

  it('selects its own pods, and mounts and names only what is there', () => {
    const { spec } = ofKind('Deployment') ?? {};
    const pod = spec?.template?.spec;
    const [container] = pod?.containers ?? [];
    expect(spec?.selector?.matchLabels).toEqual(spec?.template?.metadata.labels);
    expect(ofKind('Service')?.spec?.ports?.[0]?.targetPort).toBe(container?.ports[0]?.name);
    expect(container?.ports[0]?.containerPort).toBe(8420);
    const volumes = pod?.volumes.map(({ name }) => name).sort();
    expect(container?.volumeMounts.map(({ name }) => name).sort()).toEqual(volumes);
    expect(container?.env.filter(({ name }) => !variables.has(name))).toEqual([]);
    // Else a service of this name would set EBPM_REGISTRY_PORT.
    expect(pod?.enableServiceLinks).toBe(false);
  });
});

describe('deploy/compose', () => {
  it('is YAML whose registry knows every variable that it gets', () => {
    const { services } = parse(read('deploy/compose/compose.yaml'));
    expect(Object.keys(services)).toEqual(['s3', 'bucket', 'registry']);
    expect(Object.keys(services.registry.environment).filter((name) => !variables.has(name))).toEqual([]);
  });
});

describe('deploy/Dockerfile', () => {
  it('sets only variables that are settings, and does not run as root', () => {
    const text = read('deploy/Dockerfile');
    const set = text.match(/EBPM_REGISTRY_[A-Z_]+/g) ?? [];
    expect(set.length).toBeGreaterThan(0);
    expect(set.filter((name) => !variables.has(name))).toEqual([]);
    expect(text).toMatch(/^USER node$/m);
  });
});

describe('deploy/systemd', () => {
  it('is a unit that systemd takes', (context) => {
    if (spawnSync('systemd-analyze', ['--version']).status !== 0) context.skip('systemd-analyze is not installed');
    const directory = mkdtempSync(join(tmpdir(), 'ebpm-unit-'));
    try {
      const path = join(directory, 'ebpm-registry.service');
      // The program is not installed here, and the user is not there.
      const unit = read('deploy/systemd/ebpm-registry.service').replace(/=ebpm-registry /g, '=true ');
      writeFileSync(path, unit.replace('User=ebpm-registry', 'User=nobody'));
      expect(execFileSync('systemd-analyze', ['verify', path], { encoding: 'utf8', stdio: 'pipe' })).toBe('');
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
