export { type BuildOptions, type BuildResult, buildPackage } from './build-package.js';
export { COMPILER_ERRORS } from './errors.js';
export { COMPILER_VERSION } from './meta/derive-meta.js';
