import { cliKeyKind, cliPublishKind, type Kind, validate } from '@ebpm/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorld, type World } from './open-world.js';
import { runEbpm } from './run-ebpm.js';

let world: World;
let env: Record<string, string>;
let key: string;

beforeAll(async () => {
  world = await openWorld();
  env = { EBPM_HOME: world.newHome(), EBPM_REGISTRY: world.registry.url, EBPM_TOKEN: world.token };
  key = (await json(cliKeyKind, 'keys', 'generate')).id;
  expect(await run('keys', 'add')).toMatchObject({ exitCode: 0 });
});
afterAll(() => world.close());

const run = (...words: readonly string[]) => runEbpm(words, { env });

async function json<T>(kind: Kind<T>, ...words: readonly string[]): Promise<T> {
  const { stdout, stderr } = await run(...words, '--json');
  const checked = validate(kind, JSON.parse(stdout));
  if (!checked.ok) throw new Error(`${JSON.stringify(checked.problems)} in ${stdout}${stderr}`);
  return checked.value;
}

const PROVENANCE = {
  GITHUB_ACTIONS: 'true',
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_REPOSITORY: 'acme/tool',
  GITHUB_REF: 'refs/tags/v1',
  GITHUB_SHA: '1'.repeat(40),
  GITHUB_WORKFLOW_REF: 'acme/tool/.github/workflows/x.yml@refs/tags/v1',
  GITHUB_EVENT_NAME: 'push',
  GITHUB_REPOSITORY_ID: '1',
  GITHUB_REPOSITORY_OWNER_ID: '2',
  GITHUB_RUN_ID: '3',
  GITHUB_RUN_ATTEMPT: '1',
  RUNNER_ENVIRONMENT: 'github-hosted',
};

describe('ebpm publish of the same bytes', () => {
  it('ebpm publish says that nobody has signed what was first published with --no-sign, as info does', async () => {
    const project = world.newProject({ name: 'plain' });
    expect(await json(cliPublishKind, 'publish', project, '--no-sign')).not.toHaveProperty('key');
    const again = await run('publish', project);
    expect(again.stdout).toContain('The same bytes had been published to');
    expect(again.stdout).toContain('Nobody has signed it, and that stays so');
    expect(again.stdout).not.toContain('Signed by');
    const told = await json(cliPublishKind, 'publish', project);
    expect(told.created).toBe(false);
    expect(told).not.toHaveProperty('key');
    expect((await run('info', 'plain')).stdout).toMatch(/^signed by: +nobody$/m);
  });

  it('ebpm publish says who has signed what was signed at first, also where nothing is signed now', async () => {
    const project = world.newProject({ name: 'signed' });
    expect(await json(cliPublishKind, 'publish', project)).toMatchObject({ created: true, key, provenance: false });
    for (const flags of [[], ['--no-sign']]) {
      const told = await json(cliPublishKind, 'publish', project, ...flags);
      expect(told).toMatchObject({ created: false, key, provenance: false });
      const { stdout } = await run('publish', project, ...flags);
      expect(stdout).toContain(`Signed by ${key}, as it was first published\n`);
    }
    const { stdout } = await runEbpm(['publish', project, '--provenance'], { env: { ...env, ...PROVENANCE } });
    // How it was built came too late.
    expect(stdout).toContain(`Signed by ${key}, as it was first published\n`);
  });

  it('ebpm publish says that how it was built was signed at first', async () => {
    const project = world.newProject({ name: 'built' });
    const first = await runEbpm(['publish', project, '--provenance'], { env: { ...env, ...PROVENANCE } });
    expect(first.stdout).toContain(`Signed by ${key}, with how it was built\n`);
    expect(await json(cliPublishKind, 'publish', project)).toMatchObject({ created: false, key, provenance: true });
  });
});
