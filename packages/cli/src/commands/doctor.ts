import { CONDITIONS, type Diagnosis, diagnose, thisMachine } from '@ebpm/runner';
import { BaseCommand } from '../base-command.js';
import { formatDiagnosis } from '../format-diagnosis.js';

/** `ebpm doctor`: says what this machine lacks for eBPF in general. */
export default class Doctor extends BaseCommand {
  static override summary = 'Say what this machine lacks for eBPF, and how to get it';
  static override description =
    'Looks at privileges, the kernel and its configuration, file systems and tools, without any package. Works for every user and in containers: what cannot be looked at is marked "?". Exit code: 0 READY, 3 LIMITED (some kinds of programs do not run), 4 NOT READY.';
  static override examples = ['sudo <%= config.bin %> doctor', '<%= config.bin %> doctor --json'];

  async run(): Promise<Diagnosis> {
    await this.parse(Doctor);
    const diagnosis = diagnose(thisMachine(this.context.env['PATH'] ?? ''));
    process.exitCode = CONDITIONS[diagnosis.condition];
    if (!this.jsonEnabled()) this.context.stdout.write(formatDiagnosis(diagnosis));
    return diagnosis;
  }
}
