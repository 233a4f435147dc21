import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { fetchKernels, KERNEL_VERSIONS, kernelBtf, type LabOptions, runInLab } from '@ebpm/lab';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';

const cacheDir = fileURLToPath(new URL('../../.cache/lab', import.meta.url));
const LAB_MODULE = import.meta.resolve('@ebpm/lab');
const TEST_MS = 20_000;

beforeAll(async () => {
  await fetchKernels({ cacheDir });
});

afterEach(async () => {
  expect(await machinesOf(process.pid)).toEqual([]);
  expect((await readdir(cacheDir)).filter((name) => name.startsWith('initramfs'))).toEqual([]);
});

describe.each(KERNEL_VERSIONS)('kernel %s', (kernel) => {
  const run = (options: Omit<LabOptions, 'kernel' | 'cacheDir'>) => runInLab({ kernel, cacheDir, ...options });

  it('runInLab() brings files and stdin in, output, results and the exit code out', { timeout: TEST_MS }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ebpm-lab-'));
    try {
      await writeFile(join(folder, 'data'), 'from a file\n');
      await chmod(join(folder, 'data'), 0o640);
      await symlink('data', join(folder, 'link'));
      const streamed: string[] = [];
      const result = await run({
        command: ['/opt/script', "a 'quoted' $word", 'ü'],
        env: { GREETING: 'two\nlines' },
        files: {
          '/opt/script': Buffer.from(SCRIPT),
          '/opt/folder': folder,
        },
        stdin: Readable.from([Buffer.from('from '), Buffer.from('the host')]),
        results: ['/root/result', '/root/empty', '/root/none'],
        onStderr: (chunk) => void streamed.push(Buffer.from(chunk).toString()),
      });
      const [release, date, ...lines] = result.stdout.split('\n');
      expect(release).toMatch(new RegExp(`^${kernel.replace('.', '\\.')}\\.`));
      expect(Math.abs(Number(date) - Date.now() / 1000)).toBeLessThan(15);
      expect(lines).toEqual([
        "<a 'quoted' $word> <ü>",
        'two',
        'lines',
        'from the host',
        '640 from a file',
        '644 from a file',
        '',
      ]);
      expect(result.stderr).toBe('to stderr\n');
      expect(streamed.join('')).toBe('to stderr\n');
      expect(result.exitCode).toBe(7);
      expect(Object.keys(result.results)).toEqual(['/root/result', '/root/empty']);
      expect(Buffer.from(result.results['/root/result'] ?? []).equals(Buffer.from([0, 10, 255]))).toBe(true);
      expect(result.results['/root/empty']).toHaveLength(0);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('runInLab() gives a guest with node, bpftool, BTF and the mounts that eBPF tools need', {
    timeout: TEST_MS,
  }, async () => {
    const probe = `
      const { execFileSync } = require('node:child_process');
      const { existsSync, readFileSync } = require('node:fs');
      console.log(JSON.stringify({
        version: process.version,
        btf: execFileSync('sh', ['-c', 'bpftool btf dump id 1 format raw | head -n 1'], { encoding: 'utf8' }),
        config: existsSync('/boot/config-' + require('node:os').release()),
        mounts: readFileSync('/proc/mounts', 'utf8').split('\\n').map((line) => line.split(' ')[1]).filter(Boolean),
        lsm: readFileSync('/sys/kernel/security/lsm', 'utf8').split(',').includes('bpf'),
        tmp: (require('node:fs').statSync('/tmp').mode & 0o7777).toString(8),
        root: (require('node:fs').statSync('/').mode & 0o7777).toString(8),
        modules: readFileSync('/proc/modules', 'utf8').split('\\n').map((line) => line.split(' ')[0])
          .filter((name) => ['veth', 'dummy', 'sch_ingress', 'cls_bpf'].includes(name)).sort(),
      }));`;
    const { stdout, stderr, exitCode } = await run({ command: ['node', '-e', probe] });
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    const { mounts, btf, ...facts } = JSON.parse(stdout);
    expect(btf).toMatch(/^\[1\] [A-Z_]+ /);
    expect(facts).toEqual({
      version: process.version,
      config: true,
      lsm: true,
      tmp: '1777',
      root: '755',
      modules: ['cls_bpf', 'dummy', 'sch_ingress', 'veth'],
    });
    expect(mounts).toEqual(
      expect.arrayContaining([
        '/sys/kernel/tracing',
        '/sys/kernel/debug',
        '/sys/fs/bpf',
        '/sys/fs/cgroup',
        '/dev',
        '/proc',
      ]),
    );
  });

  it('kernelBtf() gives the BTF of the kernel', { timeout: TEST_MS }, async () => {
    const btf = await kernelBtf(kernel, { cacheDir });
    // struct btf_header: magic 0xeb9f, version 1.
    expect([...btf.subarray(0, 3)]).toEqual([0x9f, 0xeb, 1]);
    expect(btf.length).toBeGreaterThan(2_000_000);
  });

  it('runInLab() ends a command at its deadline and says what it printed', { timeout: TEST_MS }, async () => {
    const error = await run({ command: ['sh', '-c', 'echo before; sleep 60'], deadlineMs: 1500 }).catch((e) => e);
    expect(error).toMatchObject({ code: 'EBPM_LAB_DEADLINE', data: { stdout: 'before\n' } });
  });

  it('runInLab() tells a panic with its reason and the last lines of the console', { timeout: TEST_MS }, async () => {
    const error = await run({ command: ['sh', '-c', 'echo c >/proc/sysrq-trigger'] }).catch((e) => e);
    expect(error).toMatchObject({ code: 'EBPM_LAB_KERNEL_PANIC' });
    expect(error.message).toContain('sysrq triggered crash');
    expect(error.data.console.join('\n')).toContain('Call Trace');
  });
});

describe('runInLab()', () => {
  const run = (options: Omit<LabOptions, 'kernel' | 'cacheDir'>) => runInLab({ kernel: '6.12', cacheDir, ...options });

  it('passes an interrupt on to the command and all that it started', { timeout: TEST_MS }, async () => {
    const interrupt = new AbortController();
    const { stdout, exitCode } = await run({
      command: [
        'sh',
        '-c',
        'trap "echo caught; exit 3" INT; sh -c "trap \\"echo child; exit\\" INT; echo up; sleep 60"; sleep 60',
      ],
      interrupt: interrupt.signal,
      onStdout: () => interrupt.abort(),
    });
    expect({ stdout, exitCode }).toEqual({ stdout: 'up\nchild\ncaught\n', exitCode: 3 });
  });

  it('switches the guest off when aborted', { timeout: TEST_MS }, async () => {
    const abort = new AbortController();
    const reason = new Error('enough');
    const running = run({
      command: ['sh', '-c', 'echo up; sleep 60'],
      signal: abort.signal,
      onStdout: () => abort.abort(reason),
    });
    await expect(running).rejects.toBe(reason);
  });

  it('says when the guest switched itself off', { timeout: TEST_MS }, async () => {
    await expect(run({ command: ['poweroff', '-f'] })).rejects.toMatchObject({ code: 'EBPM_LAB_GUEST_ENDED' });
  });

  it('lets a reader stall one stream while the other flows, and loses nothing', { timeout: TEST_MS }, async () => {
    let sizeBytes = 0;
    let free = (): void => {};
    const freed = new Promise<void>((resolve) => {
      free = resolve;
    });
    const { exitCode, stderr } = await run({
      command: ['sh', '-c', '(sleep 1; echo now >&2) & head -c 20000000 /dev/zero; echo $?; wait'],
      onStdout: async (chunk) => {
        sizeBytes += chunk.length;
        await freed;
      },
      onStderr: () => free(),
    });
    expect({ exitCode, stderr, sizeBytes }).toEqual({ exitCode: 0, stderr: 'now\n', sizeBytes: 20_000_002 });
  });

  it('ends with the command, whatever that left running, and adds nothing of its own', {
    timeout: TEST_MS,
  }, async () => {
    const command = ['sh', '-c', 'setsid sleep 60 & echo done; kill -TERM $$'];
    const result = await run({ command, deadlineMs: 10_000 });
    expect(result).toEqual({ exitCode: 143, stdout: 'done\n', stderr: '', results: {} });
  });

  // util-linux is essential on Debian; its setpriv needs libcap-ng, which nothing else in the guest does.
  const needsLibrary = { command: ['/opt/setpriv', '--version'], files: { '/opt/setpriv': '/usr/bin/setpriv' } };

  it('puts the libraries of a program in', { timeout: TEST_MS }, async () => {
    const { exitCode, stdout } = await run(needsLibrary);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringContaining('util-linux') });
  });

  it('puts no libraries in when told so', { timeout: TEST_MS }, async () => {
    const { exitCode, stderr } = await run({ ...needsLibrary, libraries: 'none' });
    expect({ exitCode, stderr }).toEqual({ exitCode: 127, stderr: expect.stringContaining('libcap-ng.so.0') });
  });

  it('leaves no machine behind when its process is killed', { timeout: TEST_MS }, async () => {
    const script = `
      const { runInLab } = await import(${JSON.stringify(LAB_MODULE)});
      await runInLab({ kernel: '6.12', cacheDir: ${JSON.stringify(cacheDir)}, command: ['sleep', '60'],
        onProgress: ({ phase }) => { if (phase === 'booting') console.log(phase); } });`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    const [machine = 0] = await machinesOf(child.pid ?? 0);
    expect(machine).toBeGreaterThan(0);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await expect.poll(() => isRunning(machine), { timeout: 5000 }).toBe(false);
  });
});

const SCRIPT = `#!/bin/sh
uname -r
date +%s
echo "<$1> <$2>"
echo "$GREETING"
cat
echo
echo "$(stat -c %a /opt/folder/data) $(cat /opt/folder/data)"
chmod 644 /opt/folder/link
echo "$(stat -c %a /opt/folder/link) $(cat /opt/folder/link)"
echo to stderr >&2
printf '\\000\\n\\377' >/root/result
: >/root/empty
exit 7
`;

/** The process ids of QEMUs that a process started. */
async function machinesOf(parent: number): Promise<number[]> {
  const ids = (await readdir('/proc')).map(Number).filter(Number.isInteger);
  const stats = await Promise.all(ids.map((id) => readFile(`/proc/${id}/stat`, 'utf8').catch(() => '')));
  // proc_pid_stat(5): pid (comm) state ppid
  return stats.flatMap((stat) => {
    const [, id, ppid] = /^(\d+) \((?:qemu|setpriv).*\) \S (\d+)/.exec(stat) ?? [];
    return Number(ppid) === parent ? [Number(id)] : [];
  });
}

async function isRunning(id: number): Promise<boolean> {
  const stat = await readFile(`/proc/${id}/stat`, 'utf8').catch(() => '');
  return stat !== '' && !/\) Z /.test(stat);
}
