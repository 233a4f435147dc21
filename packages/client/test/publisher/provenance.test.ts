import { describe, expect, test } from 'vitest';
import { provenanceFrom } from '../../src/publisher/provenance.js';

describe('provenanceFrom()', () => {
  test('provenanceFrom() says of a job of GitHub Actions what its environment says', () => {
    const env = {
      GITHUB_ACTIONS: 'true',
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_REPOSITORY: 'acme/tool',
      GITHUB_REPOSITORY_ID: '1',
      GITHUB_REPOSITORY_OWNER_ID: '2',
      GITHUB_EVENT_NAME: 'push',
      GITHUB_REF: 'refs/tags/v1',
      GITHUB_SHA: 'ab'.repeat(20),
      GITHUB_WORKFLOW_REF: 'acme/tool/.github/workflows/release.yml@refs/tags/v1',
      GITHUB_RUN_ID: '7',
      GITHUB_RUN_ATTEMPT: '2',
      RUNNER_ENVIRONMENT: 'github-hosted',
      SECRET: 'x',
    };
    expect(provenanceFrom(env)).toEqual({
      buildDefinition: {
        buildType: 'https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1',
        externalParameters: {
          workflow: {
            ref: 'refs/tags/v1',
            repository: 'https://github.com/acme/tool',
            path: '.github/workflows/release.yml',
          },
        },
        internalParameters: { github: { event_name: 'push', repository_id: '1', repository_owner_id: '2' } },
        resolvedDependencies: [
          { uri: 'git+https://github.com/acme/tool@refs/tags/v1', digest: { gitCommit: 'ab'.repeat(20) } },
        ],
      },
      runDetails: {
        builder: { id: 'https://github.com/actions/runner/github-hosted' },
        metadata: { invocationId: 'https://github.com/acme/tool/actions/runs/7/attempts/2' },
      },
    });
  });

  test('provenanceFrom() says of a job of GitLab CI what is there, and nothing of any other process', () => {
    const env = {
      GITLAB_CI: 'true',
      CI_PROJECT_URL: 'https://gitlab.com/acme/tool',
      CI_COMMIT_SHA: 'cd',
      CI_RUNNER_ID: '3',
    };
    expect(provenanceFrom(env)).toEqual({
      buildDefinition: {
        buildType: 'https://docs.gitlab.com/ci/pipelines/',
        externalParameters: { source: 'https://gitlab.com/acme/tool' },
        internalParameters: { gitlab: { runner_id: '3' } },
        resolvedDependencies: [{ uri: 'git+https://gitlab.com/acme/tool', digest: { gitCommit: 'cd' } }],
      },
      runDetails: { builder: { id: 'https://gitlab.com/acme/tool/-/runners/3' }, metadata: {} },
    });
    expect(provenanceFrom({ CI: 'true' })).toBeUndefined();
  });
});
