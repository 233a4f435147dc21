import { printable } from '@ebpm/events';
import type { CliPs } from '@ebpm/schemas';
import { Flags } from '@oclif/core';
import { sendCommand } from '../background/control.js';
import { knownRuns } from '../background/known-runs.js';
import { revokedRun } from '../background/revoked-run.js';
import type { KnownRun } from '../background/run-record.js';
import { runsFolder } from '../background/runs-folder.js';
import { BaseCommand } from '../base-command.js';
import { formatTable } from '../format-table.js';

/** `ebpm ps`: says what runs in the background. */
export default class Ps extends BaseCommand {
  static override summary = 'List background runs';
  static override description = 'Those of the user who types it: put sudo before it for those of root.';
  static override examples = ['<%= config.bin %> ps', '<%= config.bin %> ps --all'];
  static override flags = {
    all: Flags.boolean({ char: 'a', description: 'also those that have ended' }),
  };

  async run(): Promise<CliPs> {
    const { flags } = await this.parse(Ps);
    const { env, home, stdout, stderr } = this.context;
    const known = knownRuns(runsFolder(env)).filter(({ isRunning }) => isRunning || flags.all);
    const runs = await Promise.all(known.map((run) => listed(run, home)));
    if (!this.jsonEnabled()) stdout.write(formatTable(HEADER, runs.map(row), stdout.isTTY === true));
    for (const { id, revoked } of runs) {
      if (revoked !== undefined) stderr.write(`${printable(`warning: ${id}: ${revoked}. Stop it: ebpm stop ${id}`)}\n`);
    }
    return { runs };
  }
}

const HEADER = ['ID', 'NAME', 'PACKAGE', 'STATUS', 'STARTED', 'EVENTS'];

type Listed = CliPs['runs'][number];

async function listed({ record, files, isRunning, end }: KnownRun, home: string): Promise<Listed> {
  const { id, name, args, startedAtMs, process } = record;
  const startedAt = new Date(startedAtMs).toISOString();
  const about: Omit<Listed, 'status'> = {
    id,
    ...(name === undefined ? {} : { name }),
    package: record.package,
    args: [...args],
    startedAt,
  };
  if (end !== undefined) {
    return { ...about, status: 'ended', exitCode: end.exitCode, endedAt: new Date(end.endedAtMs).toISOString() };
  }
  if (!isRunning) return { ...about, status: 'killed' };
  const revoked = await revokedRun(home, record);
  if (revoked !== undefined) about.revoked = revoked;
  try {
    return { ...about, pid: process.pid, ...(await sendCommand(files.socket, 'status')) };
  } catch {
    // It starts, ends at this moment, or is too busy to answer.
    return { ...about, pid: process.pid, status: 'silent' };
  }
}

function row({ id, name = '', package: spec, status, exitCode, startedAt, events }: Listed): readonly string[] {
  const shown = exitCode === undefined ? status : `${status} (${exitCode})`;
  return [id, name, spec, shown, startedAt.slice(0, 19).replace('T', ' '), events === undefined ? '' : String(events)];
}
