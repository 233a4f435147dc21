export { AccountClient, type KeyPlace } from './account-client.js';
export { type CollectOptions, collectVersions, lockfilesOf } from './bundle/collect-versions.js';
export { loadBundle } from './bundle/load-bundle.js';
export { type BundleRequest, saveBundle } from './bundle/save-bundle.js';
export { cleanStore } from './cache/clean-store.js';
export { installedVersions } from './cache/installed-versions.js';
export { KnownProjects } from './cache/known-projects.js';
export { type LockedProjects, lockedProjects, projectsByDigest } from './cache/locked-projects.js';
export { type Pruned, type PruneReport, pruneStore } from './cache/prune-store.js';
export { type StoreProblem, type StoreReport, verifyStore } from './cache/verify-store.js';
export { isSameJudgement } from './checked-by.js';
export type { Machine } from './choose-entry.js';
export { type ChosenRegistry, chooseRegistry, type RegistryWish, registryAt } from './choose-registry.js';
export { chooseVersion } from './choose-version.js';
export {
  type AskedTargets,
  approve,
  type TableVersions,
  unapproved,
} from './consent/approval.js';
export { type KeptApproval, parseApproval, readApproval, writeApproval } from './consent/approvals.js';
export { allowingRule, type DecidingRule, denyingRule, type PolicySubject } from './consent/judge-policy.js';
export { judgedEntry, judgedObject, judgedObjects } from './consent/judged-object.js';
export { readJudgement, writeJudgement } from './consent/judgements.js';
export { type JudgedObject, keptJudgement, TABLE_VERSIONS } from './consent/kept-judgement.js';
export { type Policy, type PolicyPlace, readPolicy } from './consent/policy-file.js';
export { type DownloadOptions, downloadFile } from './download-file.js';
export { CLIENT_ERRORS } from './errors.js';
export { findOutdatedNeeds, findOutdatedTools, type OutdatedNeed } from './find-outdated-tools.js';
export type { FollowRequest } from './follow-changes.js';
export { globalTools, namedTools } from './global-tools.js';
export { Http, type HttpAnswer, type HttpRequest, type HttpSettings } from './http.js';
export { type InstallOptions, type InstallResult, installPackage, type RegistryAccess } from './install-package.js';
export { Installed, type InstalledVersion, type NamedSpec } from './installed.js';
export { REVOCATIONS_EVERY_MS, REVOCATIONS_TIMEOUT_MS } from './limits.js';
export { LogClient } from './log-client.js';
export { followChain, LOG_START, LogHead, type LogPosition } from './log-head.js';
export { LookWriter } from './look/look-writer.js';
export { keptNeeds } from './needs/kept-needs.js';
export { neededBy } from './needs/needed-by.js';
export { OfflineRegistry } from './offline-registry.js';
export { OrganisationClient, type TeamMember } from './organisation-client.js';
export { type PackedProject, packFile, packProject } from './pack-project.js';
export { PackageChanges } from './package-changes.js';
export type { PackageRegistry } from './package-registry.js';
export { parseToken } from './parse-token.js';
export { findOutdated, type Outdated } from './project/find-outdated.js';
export { type InstallLockedOptions, installLocked, type LockedResult } from './project/install-locked.js';
export { type AskerChain, chainsTo } from './project/lock-chains.js';
export { lockProblem, refuseStale } from './project/lock-problem.js';
export { type LockOptions, lockProject } from './project/lock-project.js';
export { HEADER_FOLDER, type LockedHeaders, lockedHeaders } from './project/locked-headers.js';
export { LOCKFILE, readLockfile, requireLockfile, writeLockfile } from './project/lockfile.js';
export { type ProjectNeeds, readProject } from './project/read-project.js';
export { type RemovedDependencies, removeDependencies } from './project/remove-dependencies.js';
export { saveDependencies } from './project/save-dependencies.js';
export { type KeptSignature, keptSignature } from './publisher/kept-signature.js';
export {
  DEFAULT_KEY,
  generateKey,
  keyPath,
  type PublisherKey,
  parseKey,
  readKey,
  replaceKeyFile,
} from './publisher/key-files.js';
export { provenanceFrom } from './publisher/provenance.js';
export { signPublish } from './publisher/sign-publish.js';
export { readCertificates } from './read-certificates.js';
export { changeRegistries, forgetRegistry, type Registries, readRegistries, rememberRegistry } from './registries.js';
export type { WithCode } from './registry-caller.js';
export { type ChangesRequest, type PublishRequest, RegistryClient, type SearchRequest } from './registry-client.js';
export { registryUrl } from './registry-url.js';
export { RememberedRegistry } from './remembered-registry.js';
export { installedKey } from './trust/installed-key.js';
export { type KnownRevocations, knownRevocations, revocationOf } from './trust/known-revocations.js';
export { type LogPin, LogPins } from './trust/log-pins.js';
export { type PublishedProvenance, publishedProvenance } from './trust/published-provenance.js';
export type { PublisherSignature } from './trust/publisher-signature.js';
export { type RefreshOptions, refreshRevocations } from './trust/refresh-revocations.js';
export { TrustedLog } from './trust/trusted-log.js';
export { verifyPublisher } from './trust/verify-publisher.js';
export { type UninstallResult, uninstallPackages } from './uninstall-packages.js';
export { type FailedUpdate, type ToolUpdates, type UpdatedTool, updateTools } from './update-tools.js';
export type { VersionWriter } from './version-writer.js';
export { writeFileAtomically } from './write-file-atomically.js';
