import { setTimeout as sleep } from 'node:timers/promises';
import type { Shell } from './shell.js';

/** What a run could leave behind: programs, links, qdiscs and filters of the interface. */
export interface KernelState {
  readonly ids: readonly string[];
  /** Empty where the interface was not looked at. */
  readonly network: string;
}

export async function kernelState(shell: Shell, ofInterface: boolean): Promise<KernelState> {
  const commands = ['/test/program-ids links', `echo ${BETWEEN}`, ...(ofInterface ? INTERFACE : [])];
  const [ids = '', network = ''] = (await shell.run(commands.join('; '))).split(BETWEEN);
  return { ids: ids.trim().split('\n'), network: network.trim() };
}

/** What is there and was not before, once the kernel has had time to let go. */
export async function remainder(shell: Shell, before: KernelState): Promise<readonly string[]> {
  for (let round = 0; ; round++) {
    const now = await kernelState(shell, before.network !== '');
    const left = [
      ...now.ids.filter((id) => !before.ids.includes(id)),
      ...(now.network === before.network ? [] : [now.network]),
    ];
    if (left.length === 0 || round === MOST_ROUNDS) return left;
    await sleep(20);
  }
}

/** Programs go when the last reader has left them, some milliseconds after their links. */
const MOST_ROUNDS = 250;

const BETWEEN = '--- network ---';
const INTERFACE = [
  "printf 'qdisc show dev v0\\nfilter show dev v0 ingress\\nfilter show dev v0 egress\\n' | /test/tc -batch -",
];
