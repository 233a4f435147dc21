// Packages that look like a registry's: names, keywords and descriptions of a few thousand words, of which a few are in nearly everything
// (Zipf's law), the same ones at each run.

const COMMON =
  'trace tcp net file open exec proc kernel bpf xdp map event sched disk io latency count monitor watch snoop stat top profile stack cpu mem memory page cache socket connect accept dns http packet filter drop block lsm security audit user group cgroup container pod kube node signal kill mount unlink rename sync write read send recv queue lock mutex futex irq softirq timer wake run idle power freq temp gpu usb pci nvme scsi ext4 xfs btrfs nfs smb vfs inode dentry path name time clock hist graph flame perf probe uprobe kprobe tracepoint fentry fexit iter ring buffer batch bench load test demo example sample tool kit lib core util helper agent daemon service server client proxy mesh ingress egress route bridge vlan vxlan tunnel ipsec wireguard tls ssl ssh login sudo shell bash python ruby perl node go rust zig'.split(
    ' ',
  );
const SYLLABLES = 'ka lo mi ra te su no vi de po xa qu fi ge bu ny zo wi ha je'.split(' ');
const SECTIONS = ['kprobe', 'tracepoint', 'xdp', 'tc', 'fentry', 'lsm', 'uprobe', 'raw_tp'];

/** Makes packages without end, as operations of the log without salt and position. */
export function* packageOps(publishers) {
  const random = seeded(12345);
  const word = zipf(vocabulary(random), random);
  const names = new Set();
  for (let n = 1; ; n++) {
    let name = Array.from({ length: 2 + random(2) }, word).join('-');
    if (names.has(squash(name))) name += `-${n}`;
    names.add(squash(name));
    const version = `${random(4)}.${random(20)}.${random(20)}`;
    yield {
      type: 'publish',
      by: publishers[random(publishers.length)],
      name,
      version,
      digest: `sha256:${n.toString(16).padStart(64, '0')}`,
      size: 20_480,
      files: ['ebpm.json', 'package.json'].map((path) => ({
        path,
        size: 900,
        sha256: n.toString(16).padStart(64, 'a'),
      })),
      manifest: {
        manifest: 1,
        name,
        version,
        description: Array.from({ length: 10 }, word).join(' '),
        keywords: [...new Set(Array.from({ length: 3 }, word))],
        license: 'GPL-2.0-only',
        authors: [`Author ${random(20_000)}`],
        ...(random(2) === 0 && { kernel: `>=${4 + random(3)}.${random(20)}` }),
      },
      factsVersion: 0,
      sections: [SECTIONS[random(SECTIONS.length)]],
    };
  }
}

/** Downloads of the last days: one package in ten has any, and few have most of them. */
export function* downloadsOf(names) {
  const random = seeded(777);
  for (const name of names) if (random(10) === 0) yield [name, Math.floor(1_000_000 / (1 + random(1_000_000)))];
}

/** @see Numerical Recipes, chapter 7.1: a linear congruential generator */
function seeded(seed) {
  let state = seed;
  return (below) => {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function vocabulary(random) {
  const words = new Set(COMMON);
  while (words.size < 4_000)
    words.add(Array.from({ length: 2 + random(3) }, () => SYLLABLES[random(SYLLABLES.length)]).join(''));
  return [...words];
}

function zipf(words, random) {
  let sum = 0;
  const sums = words.map((_, rank) => (sum += 1 / (rank + 2)));
  return () => {
    const wanted = (random(2 ** 30) / 2 ** 30) * sum;
    let [low, high] = [0, sums.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle] < wanted) low = middle + 1;
      else high = middle;
    }
    return words[low];
  };
}

function squash(name) {
  return name.replaceAll(/[._-]/g, '');
}
