import { basename } from 'node:path';
import { printable } from '@ebpm/events';
import { EbpmError, type ErrorCode } from '@ebpm/formats';
import { possibleCpuCount } from '@ebpm/loader';
import { runGuestSession } from '@ebpm/runner';
import { type GuestEnd, MAX_MODULE_BYTES } from '@ebpm/wasm';
import { AuditTrail } from '../audit/audit-trail.js';
import { auditedWasi } from '../audit/audited-wasi.js';
import { agreeToRun, nameOf } from '../consent/agree-to-run.js';
import { judgementKeeper } from '../consent/judgement-keeper.js';
import type { Context } from '../context.js';
import { formatLedger } from '../format-ledger.js';
import { ledgerLine, ledgerRecord } from '../ledger-record.js';
import { AUDIT_MAX_PROGRAMS } from '../limits.js';
import { refuseEnd } from '../refuse-end.js';
import type { RunRequest } from '../run-here.js';
import { runInterruptibly } from '../run-interruptibly.js';
import { refreshFor, refuseRevoked } from '../run-revocations.js';
import { type PackageTools, packageTools } from '../tools/package-tools.js';
import { toolStarter } from '../tools/tool-starter.js';
import { refuseUnused } from './refuse-unused.js';
import { type StartedGuest, startGuest } from './start-guest.js';
import { giveWasi, type WasiGiven } from './wasi-given.js';
import { WasmPackage } from './wasm-package.js';

/** Runs a WASM package on this machine's kernel; gives the exit code, which is the guest's own. */
export async function runWasm(context: Context, request: RunRequest): Promise<number> {
  const { bytes, source } = request.input;
  refuseUnused(request);
  if (bytes.length > MAX_MODULE_BYTES) throw tooLarge(source, bytes.length);
  // It starts while the module is judged.
  const guest = request.guest ?? startGuest(context);
  let wasi: WasiGiven | undefined;
  try {
    wasi = await giveWasi(context, request);
    return await runInGuest(context, request, { guest, wasi });
  } finally {
    wasi?.close();
    guest.kill();
  }
}

async function runInGuest(
  context: Context,
  request: RunRequest,
  { guest, wasi }: { readonly guest: StartedGuest; readonly wasi: WasiGiven },
): Promise<number> {
  const pkg = new WasmPackage(request.input.bytes, request.input.source);
  const tools = await agreeableTools(context, request);
  request.onTools?.(tools.all.flatMap(({ input }) => input.installed ?? []));
  const run = { ...request, pkg, tools: tools.all };
  const agreement = await agreeToRun(context, run);
  const keepJudgement = judgementKeeper(context, agreement);
  const trail = new AuditTrail(context, run, agreement);
  const name = nameOf(run);
  const refresh = await refreshFor(context, request.asksRevocations);
  const say = onFirstCall((program) => {
    keepJudgement();
    if (request.toolDepth === undefined) context.stderr.write(`${printable(name)}: attached, Ctrl-C ends\n`);
    refresh?.begin();
    const { pause, resume } = guest;
    request.onAttached?.({ programs: [program], places: [], skipped: [], identity: undefined, pause, resume, totals });
  });
  return runInterruptibly(async (signal) => {
    const result = await runGuestSession({
      process: guest,
      module: request.input.bytes,
      name,
      agreed: pkg,
      btfPath: context.env['BTF_FILE_PATH'],
      folders: wasi.descriptors,
      countsRefusals: request.losses.ledger === 'exact',
      onLoaded: ({ object }) => {
        const programs = object.programs.slice(0, AUDIT_MAX_PROGRAMS).map((program) => program.name);
        trail.loaded({ programs, wasi: auditedWasi(wasi) });
      },
      onAttached: say,
      startTool: toolStarter(context, {
        name,
        tools,
        allow: request.allow,
        depth: request.toolDepth ?? 0,
        countsRefusals: request.losses.ledger === 'exact',
      }),
      start: {
        args: [basename(request.input.source), ...request.programArgs],
        env: wasi.env,
        folders: wasi.folders.map(({ guestPath, writable }) => ({ guestPath, writable })),
        possibleCpus: possibleCpuCount(),
        output: request.output,
        maxEvents: request.maxEvents ?? null,
      },
      signal,
      durationMs: request.durationMs,
    }).catch((error: unknown) => {
      trail.ended(error instanceof EbpmError ? error.code : 'EBPM_INTERNAL');
      throw error;
    });
    await guest.closed;
    const { fault, exitCode = 0 } = result.end;
    trail.ended(fault?.code ?? result.ledger.ended);
    if (fault !== undefined) throw faultOf(fault);
    const record = ledgerRecord(result.ledger);
    context.stderr.write(formatLedger(record));
    if (request.output.kind === 'json') context.stdout.write(ledgerLine(record));
    refuseEnd(record, request.losses);
    return exitCode & 0xff;
  }, request.ends);
}

/** The tools that its module can start, none of which was revoked. @throws what packageTools and refuseRevoked throw */
async function agreeableTools(context: Context, { input, toolDepth }: RunRequest): Promise<PackageTools> {
  const tools = await packageTools(context, input, toolDepth);
  for (const { input: tool } of tools.all)
    if (tool.installed !== undefined) await refuseRevoked(context, tool.installed);
  return tools;
}

/** A guest's process cannot make up codes. */
function faultOf({ code, message, hint }: NonNullable<GuestEnd['fault']>): EbpmError {
  const known = /^EBPM(_[A-Z0-9]+)+$/.test(code) ? (code as ErrorCode) : 'EBPM_WASM_FAULT';
  return new EbpmError(known, message, hint === undefined ? {} : { hint });
}

function tooLarge(source: string, size: number): EbpmError {
  return new EbpmError('EBPM_WASM_LIMIT', `Cannot run "${source}": ${size} bytes are more than ${MAX_MODULE_BYTES}`);
}

/** What a guest was given is known when it ends. */
function totals(): readonly [] {
  return [];
}

function onFirstCall(action: (program: string) => void): (program: string) => void {
  let isDone = false;
  return (program) => {
    if (isDone) return;
    isDone = true;
    action(program);
  };
}
