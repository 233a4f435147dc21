import { setUp } from './setup.mjs';

// `npm run demo`: from C source to live events on other kernels, through a registry. Ends by itself and cleans up.
setUp(['build', 'compile', 'lab']);
const { demonstrate } = await import('./demo/demonstrate.mjs');
await demonstrate();
