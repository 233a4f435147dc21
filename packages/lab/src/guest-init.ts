/*
 * How a run goes, seen from the guest. Four virtio-serial ports lead to the host:
 *
 *   vport0p1 stdin     bytes from the host; the host's half-close is the end
 *   vport0p2 stdout    bytes to the host, and the run's trailer when all writers are gone
 *   vport0p3 stderr    the same
 *   vport0p4 control   lines, both ways (see control-protocol.ts)
 *
 * Each port has its own flow control: a reader that stalls stops its stream and nothing else. The command gets pipes, not the
 * ports: a port can be opened once only, and /dev/stdout must be open to the command's children. It runs in the foreground, for
 * what a shell starts in the background ignores SIGINT (POSIX.1-2017, 2.11), in a session of its own, so that a signal reaches all
 * of its group, and in a cgroup of its own, so that nothing that it started outlives it and keeps stdout open.
 */

/** Where the host puts what is different from run to run. */
export const GUEST_LAB = {
  /** The shell script that becomes the command. Its stdin is descriptor 5, its stdout 4, its stderr 1. */
  command: '/lab/command',
  /** The bytes that end stdout and stderr. */
  trailer: '/lab/trailer',
  /** The paths of the result files, one per line. */
  results: '/lab/results',
  /** Modules that init loads, in the order of their names. */
  modules: '/lab/modules',
} as const;

/** The variables of every command. */
export const GUEST_ENVIRONMENT = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/root',
  LANG: 'C.UTF-8',
} as const;

/** The guest's first process, for busybox's shell. */
export const GUEST_INIT = `#!/bin/busybox sh
export PATH=${GUEST_ENVIRONMENT.PATH}
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mount -t bpf bpf /sys/fs/bpf
mount -t securityfs securityfs /sys/kernel/security
mount -t debugfs debugfs /sys/kernel/debug
mount -t tracefs tracefs /sys/kernel/tracing
ln -s /proc/self/fd /dev/fd
ln -s /proc/self/fd/0 /dev/stdin
ln -s /proc/self/fd/1 /dev/stdout
ln -s /proc/self/fd/2 /dev/stderr
# The console is for panics; a panic raises this by itself.
echo 1 >/proc/sys/kernel/printk
hostname lab
ip link set lo up
for module in ${GUEST_LAB.modules}/*.xz; do [ -f "$module" ] && xz -d "$module"; done
for module in ${GUEST_LAB.modules}/*.ko; do [ -f "$module" ] && insmod "$module"; done
# A port gets its name last; opened before, it may answer that there is no such device.
until [ -f /sys/class/virtio-ports/vport0p4/name ]; do usleep 1000; done

# A read from a port that is not connected yet ends at once, a write waits. Ports are connected in their order, so after a write
# to the last one stdin can be read.
exec 3<>/dev/vport0p4
echo ready >&3

mkdir /sys/fs/cgroup/command

# The host's signals; if the host is gone, so is the reason to live.
{
  while read -r word name <&3; do
    until [ -s /lab/pid ]; do usleep 1000; done
    [ "$word" = signal ] && kill -s "$name" "-$(cat /lab/pid)"
  done
  poweroff -f
} &

# Both ends are opened here: an open that waits for the other end is cut short by the death of any child.
mkfifo /lab/stdin
exec 4<>/lab/stdin 5</lab/stdin 6>/lab/stdin 4>&-
cat /dev/vport0p1 >&6 3>&- 5<&- &
exec 6>&-

{
  {
    setsid sh ${GUEST_LAB.command}
    echo $? >/lab/code
    echo 1 >/sys/fs/cgroup/command/cgroup.kill
  } | cat - ${GUEST_LAB.trailer} >/dev/vport0p3 4>&-
} 4>&1 | cat - ${GUEST_LAB.trailer} >/dev/vport0p2
echo "exit $(cat /lab/code)" >&3

# A copy first: what is sent must have the announced size, even if something still writes to the file.
index=0
while IFS= read -r path; do
  if [ -f "$path" ] && cat "$path" >/lab/result 2>/dev/null; then
    echo "result $index $(stat -c %s /lab/result)" >&3
    cat /lab/result >&3
  else
    echo "missing $index" >&3
  fi
  index=$((index + 1))
done <${GUEST_LAB.results}
echo end >&3
wait
`;
