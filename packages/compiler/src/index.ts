export type { BuildOptions } from './build-options.js';
export { type BuildResult, buildPackage } from './build-package.js';
export { type BuiltProject, buildProject } from './build-project.js';
export { COMPILER_ERRORS } from './errors.js';
export { type GeneratedSkeletons, objectSkeleton, projectSkeletons } from './generate-skeletons.js';
export type { GuestLanguage, MadeFile } from './guest/skeleton-files.js';
export { COMPILER_VERSION } from './meta/derive-meta.js';
