import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { World } from './open-world.js';
import { runEbpm } from './run-ebpm.js';

/** Tells of the programs that a process starts. */
const EXECS = (name: string) => `#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include "${name}.h"
const volatile int parent_pid = 0;
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 16);
} events SEC(".maps");
SEC("tp/sched/sched_process_exec")
int handle_exec(void *ctx)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct event *event;

	if (parent_pid && parent_pid != BPF_CORE_READ(task, real_parent, tgid))
		return 0;
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event)
		return 0;
	event->pid = bpf_get_current_pid_tgid() >> 32;
	bpf_get_current_comm(event->comm, sizeof(event->comm));
	bpf_ringbuf_submit(event, 0);
	return 0;
}
`;

/** A program that is never loaded by itself, and asks for a class. */
const PACKETS = 'SEC("?xdp") int on_packet(struct xdp_md *ctx) { return XDP_PASS; }\n';
const LICENSE = 'char LICENSE[] SEC("license") = "GPL";\n';

/**
 * Sums up what a tool tells until it has seen so many events, in words that tests look for.
 * Its arguments: a tool's name, how many events, and the tool's own. With "later" instead of a name it starts one tool, waits for its first event, and starts another; with "trap" it runs into a trap then.
 */
const GUEST = `#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "ebpm.h"

static struct ebpm_tool tool;

int main(int argc, char **argv)
{
	int wanted = argc > 2 ? atoi(argv[2]) : 0, events = 0, result;
	int trues = 0;
	const char *line, *comm;

	if (argc < 2)
		return 2;
	if (!strcmp(argv[1], "later") || !strcmp(argv[1], "trap")) {
		result = ebpm_tool_open(&tool, "execs", (const char *const *)argv + 2);
		fprintf(stderr, "started %d\\n", result);
		ebpm_tool_line(&tool, &line, -1);
		if (!strcmp(argv[1], "trap"))
			__builtin_trap();
		printf("later %d\\n", ebpm_tool_start("packets", 7, NULL, 0));
		return 0;
	}
	result = ebpm_tool_open(&tool, argv[1], (const char *const *)argv + (argc > 3 ? 3 : argc));
	if (result < 0) {
		printf("refused %d\\n", result);
		return 1;
	}
	fprintf(stderr, "started\\n");
	while (events < wanted && (result = ebpm_tool_line(&tool, &line, -1)) > 0) {
		comm = ebpm_json(line, "comm");
		if (!comm)
			continue;
		events++;
		if (!strncmp(comm, "true\\"", 5))
			trues++;
	}
	printf("events %d, of true %d, last %d\\n", events, trues, result);
	printf("ended %d\\n", ebpm_tool_stop(tool.number));
	return 0;
}
`;

/** Publishes a tool, one that asks for sees-packet-payload, headers, an application that starts both tools, and one that starts the first alone. */
export async function publishTools(world: World, env: Readonly<Record<string, string>>): Promise<void> {
  const dependencies = { execs: '^1.0.0', packets: '^1.0.0', headers: '^1.0.0' };
  const projects = [
    { name: 'headers', manifest: { entry: [], files: ['include'] }, files: { 'include/x.h': '/* x */\n' } },
    { name: 'execs', manifest: {}, files: { 'execs.bpf.c': EXECS('execs') + LICENSE, 'execs.h': HEADER } },
    {
      name: 'packets',
      manifest: {},
      files: { 'packets.bpf.c': EXECS('packets') + PACKETS + LICENSE, 'packets.h': HEADER },
    },
    { name: 'sums', manifest: { entry: 'app.wasm', dependencies }, files: { 'app.c': GUEST } },
    { name: 'plain', manifest: { entry: 'app.wasm', dependencies: { execs: '1.0.0' } }, files: { 'app.c': GUEST } },
  ];
  for (const { name, manifest, files } of projects) {
    const folder = join(world.folder, name);
    mkdirSync(join(folder, 'include'), { recursive: true });
    writeFileSync(join(folder, 'ebpm.json'), JSON.stringify({ manifest: 1, name, version: '1.0.0', ...manifest }));
    for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
    const build = name === 'headers' ? [] : [['build', '.']];
    const install = 'dependencies' in manifest ? [['install']] : [];
    for (const words of [...install, ...build, ['publish', '.']]) {
      const { exitCode, stderr } = await runEbpm(words, { env, cwd: folder });
      if (exitCode !== 0) throw new Error(`ebpm ${words.join(' ')}: ${stderr}`);
    }
  }
}

const HEADER = 'struct event {\n\tint pid;\n\tchar comm[16];\n};\n';
