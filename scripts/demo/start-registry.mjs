import { once } from 'node:events';
import { join } from 'node:path';

/** Starts a registry on an empty directory and a free port. */
export async function startRegistry(terminal, folder) {
  const store = `file:${join(folder, 'registry')}`;
  const args = ['--store', store, '--port', '0', '--log-level', 'warn'];
  terminal.typed(`ebpm-registry ${args.join(' ')} &`);
  const child = terminal.start('ebpm-registry', args);
  child.stderr.pipe(process.stderr, { end: false });
  const url = await listeningUrl(child);
  return {
    store,
    url,
    env: {},
    async stop() {
      const closed = once(child, 'close');
      child.kill('SIGTERM');
      await closed;
    },
  };
}

async function listeningUrl(child) {
  let text = '';
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    text += chunk;
    process.stdout.write(chunk);
    const url = /https?:\/\/\S+/.exec(text)?.[0];
    if (url !== undefined) return url;
  }
  throw new Error('the registry ended before it listened');
}
