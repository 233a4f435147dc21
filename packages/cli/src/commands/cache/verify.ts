import { verifyStore } from '@ebpm/client';
import { printable } from '@ebpm/events';
import type { CliCacheVerify } from '@ebpm/schemas';
import { BaseCommand } from '../../base-command.js';
import { counted } from '../../counted.js';
import { DownloadProgress } from '../../download-progress.js';

/** `ebpm cache verify`: looks at every byte of the local store. */
export default class CacheVerify extends BaseCommand {
  static override summary = 'Look whether everything that is installed is as it was published';
  static override description =
    'Reads every record and every archive and compares the digests. Ends with 1 where something is wrong.';
  static override examples = ['<%= config.bin %> cache verify'];

  async run(): Promise<CliCacheVerify> {
    await this.parse(CacheVerify);
    const progress = new DownloadProgress(this.context.stderr, Date.now, 'things');
    const report = await verifyStore(this.context.home, (done, of) => progress.update('archives', done, of));
    progress.close();
    for (const { what, reason } of report.problems) this.log(printable(`${what}: ${reason}`));
    const { versions, contents, problems, unused } = report;
    const spare = unused.length === 0 ? '' : `, ${unused.length} of them unused (ebpm cache clean)`;
    this.log(
      `${counted(versions, 'version')}, ${counted(contents, 'archive')}${spare}, ${counted(problems.length, 'problem')}`,
    );
    if (problems.length > 0) process.exitCode = 1;
    return { versions, contents, problems: problems.map((problem) => ({ ...problem })), unused: [...unused] };
  }
}
