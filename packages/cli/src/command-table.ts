import Build from './commands/build.js';
import Check from './commands/check.js';
import Ci from './commands/ci.js';
import Diff from './commands/diff.js';
import Info from './commands/info.js';
import Inspect from './commands/inspect.js';
import Install from './commands/install.js';
import List from './commands/list.js';
import Login from './commands/login.js';
import Logout from './commands/logout.js';
import Logs from './commands/logs.js';
import Outdated from './commands/outdated.js';
import Pause from './commands/pause.js';
import Ps from './commands/ps.js';
import Publish from './commands/publish.js';
import Replay from './commands/replay.js';
import Resume from './commands/resume.js';
import Run from './commands/run.js';
import Search from './commands/search.js';
import Stop from './commands/stop.js';
import Uninstall from './commands/uninstall.js';
import Update from './commands/update.js';
import Whoami from './commands/whoami.js';
import Why from './commands/why.js';

/** Every command, by what is typed. */
export const COMMANDS = {
  build: Build,
  check: Check,
  diff: Diff,
  info: Info,
  inspect: Inspect,
  install: Install,
  list: List,
  login: Login,
  logout: Logout,
  logs: Logs,
  pause: Pause,
  ps: Ps,
  resume: Resume,
  stop: Stop,
  publish: Publish,
  replay: Replay,
  run: Run,
  search: Search,
  uninstall: Uninstall,
  ci: Ci,
  outdated: Outdated,
  update: Update,
  why: Why,
  whoami: Whoami,
} as const;
