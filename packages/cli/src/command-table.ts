import Build from './commands/build.js';
import Check from './commands/check.js';
import Info from './commands/info.js';
import Install from './commands/install.js';
import List from './commands/list.js';
import Login from './commands/login.js';
import Logout from './commands/logout.js';
import Publish from './commands/publish.js';
import Replay from './commands/replay.js';
import Run from './commands/run.js';
import Search from './commands/search.js';
import Uninstall from './commands/uninstall.js';
import Whoami from './commands/whoami.js';

/** Every command, by what is typed. */
export const COMMANDS = {
  build: Build,
  check: Check,
  info: Info,
  install: Install,
  list: List,
  login: Login,
  logout: Logout,
  publish: Publish,
  replay: Replay,
  run: Run,
  search: Search,
  uninstall: Uninstall,
  whoami: Whoami,
} as const;
