// Started as root by `asInvokingUser` with a user and a command line. Nothing else may be imported before the identity is
// dropped.
const [user, ...argv] = process.argv.slice(2);
const { name, uid, gid } = JSON.parse(user ?? '{}');
const posix: PosixProcess = process;
if (!(uid > 0) || posix.initgroups === undefined) throw new Error(`cannot become user "${name}"`);
posix.initgroups(name, gid);
posix.setgid?.(gid);
posix.setuid?.(uid);
if (process.getuid?.() !== uid || process.geteuid?.() !== uid) throw new Error(`could not become user "${name}"`);

void import('./command-line.js').then(({ runCommandLine }) => runCommandLine(argv));

/** Node has `initgroups` (https://nodejs.org/api/process.html#processinitgroupsuser-extragroup); its types lack it. */
interface PosixProcess extends NodeJS.Process {
  initgroups?(user: string, extraGroup: number): void;
}

export {};
