export type { LabResult } from './converse.js';
export { LAB_ERRORS } from './errors.js';
export { kernelBtf } from './kernel-btf.js';
export { KERNEL_VERSIONS, KERNELS, type KernelRow, type KernelVersion, parseKernelVersion } from './kernels.js';
export type { LabOptions, OutputCallback } from './lab-options.js';
export type { LabProgress } from './lab-progress.js';
export { fetchKernels, type PreparedKernel, type PrepareKernelOptions, prepareKernel } from './prepare-kernel.js';
export { runInLab } from './run-in-lab.js';
