// How a version was built, as SLSA v1 says it (https://slsa.dev/spec/v1.0/provenance), from what the CI tells a job in its environment. It is
// signed by the publisher's key, so that it is his word; only what is there is said.

type Environment = Readonly<Record<string, string | undefined>>;
type Predicate = Readonly<Record<string, unknown>>;

/** The predicate on the job that this process is; undefined where it is none of GitHub Actions or GitLab CI. */
export function provenanceFrom(env: Environment): Predicate | undefined {
  if (env['GITHUB_ACTIONS'] === 'true') return ofGithub(env);
  if (env['GITLAB_CI'] === 'true') return ofGitlab(env);
  return undefined;
}

/** @see https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1 and https://docs.github.com/en/actions/reference/workflows-and-actions/variables */
function ofGithub(env: Environment): Predicate {
  const server = env['GITHUB_SERVER_URL'] ?? '';
  const repository = joined([server, env['GITHUB_REPOSITORY']], '/');
  const [workflow = '', ref] = (env['GITHUB_WORKFLOW_REF'] ?? '').split('@');
  const path = workflow.split('/').slice(2).join('/');
  const run = joined([repository, 'actions/runs', env['GITHUB_RUN_ID']], '/');
  return {
    buildDefinition: {
      buildType: 'https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1',
      externalParameters: { workflow: given({ ref, repository, path }) },
      internalParameters: {
        github: given({
          event_name: env['GITHUB_EVENT_NAME'],
          repository_id: env['GITHUB_REPOSITORY_ID'],
          repository_owner_id: env['GITHUB_REPOSITORY_OWNER_ID'],
        }),
      },
      resolvedDependencies: source(repository, env['GITHUB_REF'], env['GITHUB_SHA']),
    },
    runDetails: {
      builder: { id: joined(['https://github.com/actions/runner', env['RUNNER_ENVIRONMENT']], '/') },
      metadata: given({ invocationId: run && joined([run, 'attempts', env['GITHUB_RUN_ATTEMPT']], '/') }),
    },
  };
}

/** @see https://docs.gitlab.com/ci/variables/predefined_variables/ */
function ofGitlab(env: Environment): Predicate {
  const project = env['CI_PROJECT_URL'];
  return {
    buildDefinition: {
      buildType: 'https://docs.gitlab.com/ci/pipelines/',
      externalParameters: given({ source: project, entryPoint: env['CI_JOB_NAME'], ref: env['CI_COMMIT_REF_NAME'] }),
      internalParameters: {
        gitlab: given({
          pipeline_source: env['CI_PIPELINE_SOURCE'],
          project_id: env['CI_PROJECT_ID'],
          pipeline_id: env['CI_PIPELINE_ID'],
          runner_id: env['CI_RUNNER_ID'],
        }),
      },
      resolvedDependencies: source(project, env['CI_COMMIT_REF_NAME'], env['CI_COMMIT_SHA']),
    },
    runDetails: {
      builder: { id: joined([project, '-/runners', env['CI_RUNNER_ID']], '/') },
      metadata: given({ invocationId: env['CI_JOB_URL'], startedOn: env['CI_JOB_STARTED_AT'] }),
    },
  };
}

function source(
  repository: string | undefined,
  ref: string | undefined,
  commit: string | undefined,
): readonly unknown[] {
  if (!repository || !commit) return [];
  return [{ uri: `git+${repository}${ref ? `@${ref}` : ''}`, digest: { gitCommit: commit } }];
}

/** What is said of a job, without what its environment does not have. */
function given(fields: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).filter((field): field is [string, string] => !!field[1]));
}

function joined(parts: readonly (string | undefined)[], by: string): string {
  return parts.filter(Boolean).join(by);
}
