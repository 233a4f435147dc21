import { build } from 'esbuild';

/** The folders of the npm modules that are inside a bundle, apart from our own; what is shaken out again is not there. */
export async function bundledModules(options) {
  const { metafile } = await build({ ...options, outdir: 'out', write: false, metafile: true });
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  const paths = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path);
  return [...new Set(paths.flatMap(moduleFolder))].sort();
}

/** `node_modules/a/node_modules/@b/c` of a file in it; nothing for our own. */
function moduleFolder(path) {
  const folder = /.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
  return folder === undefined || /node_modules\/@ebpm\//.test(folder) ? [] : [folder];
}
