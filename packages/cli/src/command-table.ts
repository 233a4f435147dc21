import type { Command } from '@oclif/core';

/** Every command, by its id. Only what is asked for is loaded. */
export const COMMAND_LOADERS: Readonly<Record<string, () => Promise<{ readonly default: Command.Class }>>> = {
  build: () => import('./commands/build.js'),
  'bundle:load': () => import('./commands/bundle/load.js'),
  'bundle:save': () => import('./commands/bundle/save.js'),
  'cache:verify': () => import('./commands/cache/verify.js'),
  'cache:clean': () => import('./commands/cache/clean.js'),
  check: () => import('./commands/check.js'),
  diff: () => import('./commands/diff.js'),
  info: () => import('./commands/info.js'),
  inspect: () => import('./commands/inspect.js'),
  install: () => import('./commands/install.js'),
  list: () => import('./commands/list.js'),
  login: () => import('./commands/login.js'),
  logout: () => import('./commands/logout.js'),
  logs: () => import('./commands/logs.js'),
  pause: () => import('./commands/pause.js'),
  ps: () => import('./commands/ps.js'),
  resume: () => import('./commands/resume.js'),
  stop: () => import('./commands/stop.js'),
  prune: () => import('./commands/prune.js'),
  publish: () => import('./commands/publish.js'),
  replay: () => import('./commands/replay.js'),
  run: () => import('./commands/run.js'),
  search: () => import('./commands/search.js'),
  uninstall: () => import('./commands/uninstall.js'),
  ci: () => import('./commands/ci.js'),
  outdated: () => import('./commands/outdated.js'),
  update: () => import('./commands/update.js'),
  why: () => import('./commands/why.js'),
  yank: () => import('./commands/yank.js'),
  deprecate: () => import('./commands/deprecate.js'),
  'tag:add': () => import('./commands/tag/add.js'),
  'tag:rm': () => import('./commands/tag/rm.js'),
  'tag:ls': () => import('./commands/tag/ls.js'),
  'owner:add': () => import('./commands/owner/add.js'),
  'owner:rm': () => import('./commands/owner/rm.js'),
  'owner:ls': () => import('./commands/owner/ls.js'),
  'token:create': () => import('./commands/token/create.js'),
  'token:ls': () => import('./commands/token/ls.js'),
  'token:revoke': () => import('./commands/token/revoke.js'),
  'org:create': () => import('./commands/org/create.js'),
  'org:show': () => import('./commands/org/show.js'),
  'org:member': () => import('./commands/org/member.js'),
  'team:create': () => import('./commands/team/create.js'),
  'team:rm': () => import('./commands/team/rm.js'),
  'team:member': () => import('./commands/team/member.js'),
  'team:grant': () => import('./commands/team/grant.js'),
  'keys:generate': () => import('./commands/keys/generate.js'),
  'keys:ls': () => import('./commands/keys/ls.js'),
  'keys:add': () => import('./commands/keys/add.js'),
  'keys:rotate': () => import('./commands/keys/rotate.js'),
  'keys:revoke': () => import('./commands/keys/revoke.js'),
  'trust:ls': () => import('./commands/trust/ls.js'),
  'trust:forget': () => import('./commands/trust/forget.js'),
  'trust:refresh': () => import('./commands/trust/refresh.js'),
  'profile:get': () => import('./commands/profile/get.js'),
  'profile:password': () => import('./commands/profile/password.js'),
  'profile:enable-2fa': () => import('./commands/profile/enable-2fa.js'),
  'profile:disable-2fa': () => import('./commands/profile/disable-2fa.js'),
  'config:list': () => import('./commands/config/list.js'),
  'config:get': () => import('./commands/config/get.js'),
  'config:set': () => import('./commands/config/set.js'),
  'config:delete': () => import('./commands/config/delete.js'),
  completion: () => import('./commands/completion.js'),
  whoami: () => import('./commands/whoami.js'),
};

/** Loads every command, for what is about all of them. */
export async function loadCommands(): Promise<Record<string, Command.Class>> {
  const loaded = Object.entries(COMMAND_LOADERS).map(async ([id, load]) => [id, (await load()).default] as const);
  return Object.fromEntries(await Promise.all(loaded));
}

import Build from './commands/build.js';
import BundleLoad from './commands/bundle/load.js';
import BundleSave from './commands/bundle/save.js';
import CacheClean from './commands/cache/clean.js';
import CacheVerify from './commands/cache/verify.js';
import Check from './commands/check.js';
import Ci from './commands/ci.js';
import Completion from './commands/completion.js';
import ConfigDelete from './commands/config/delete.js';
import ConfigGet from './commands/config/get.js';
import ConfigList from './commands/config/list.js';
import ConfigSet from './commands/config/set.js';
import Deprecate from './commands/deprecate.js';
import Diff from './commands/diff.js';
import Doctor from './commands/doctor.js';
import Info from './commands/info.js';
import Inspect from './commands/inspect.js';
import Install from './commands/install.js';
import KeysAdd from './commands/keys/add.js';
import KeysGenerate from './commands/keys/generate.js';
import KeysLs from './commands/keys/ls.js';
import KeysRevoke from './commands/keys/revoke.js';
import KeysRotate from './commands/keys/rotate.js';
import List from './commands/list.js';
import Login from './commands/login.js';
import Logout from './commands/logout.js';
import Logs from './commands/logs.js';
import OrgCreate from './commands/org/create.js';
import OrgMember from './commands/org/member.js';
import OrgShow from './commands/org/show.js';
import Outdated from './commands/outdated.js';
import OwnerAdd from './commands/owner/add.js';
import OwnerLs from './commands/owner/ls.js';
import OwnerRm from './commands/owner/rm.js';
import Pause from './commands/pause.js';
import ProfileDisable2fa from './commands/profile/disable-2fa.js';
import ProfileEnable2fa from './commands/profile/enable-2fa.js';
import ProfileGet from './commands/profile/get.js';
import ProfilePassword from './commands/profile/password.js';
import Prune from './commands/prune.js';
import Ps from './commands/ps.js';
import Publish from './commands/publish.js';
import Replay from './commands/replay.js';
import Resume from './commands/resume.js';
import Run from './commands/run.js';
import Search from './commands/search.js';
import Stop from './commands/stop.js';
import TagAdd from './commands/tag/add.js';
import TagLs from './commands/tag/ls.js';
import TagRm from './commands/tag/rm.js';
import TeamCreate from './commands/team/create.js';
import TeamGrant from './commands/team/grant.js';
import TeamMember from './commands/team/member.js';
import TeamRm from './commands/team/rm.js';
import TokenCreate from './commands/token/create.js';
import TokenLs from './commands/token/ls.js';
import TokenRevoke from './commands/token/revoke.js';
import TrustForget from './commands/trust/forget.js';
import TrustLs from './commands/trust/ls.js';
import Uninstall from './commands/uninstall.js';
import Update from './commands/update.js';
import Whoami from './commands/whoami.js';
import Why from './commands/why.js';
import Yank from './commands/yank.js';

/** Every command, by what is typed. */
export const COMMANDS = {
  build: Build,
  'bundle:load': BundleLoad,
  'bundle:save': BundleSave,
  'cache:verify': CacheVerify,
  'cache:clean': CacheClean,
  check: Check,
  diff: Diff,
  doctor: Doctor,
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
  prune: Prune,
  publish: Publish,
  replay: Replay,
  run: Run,
  search: Search,
  uninstall: Uninstall,
  ci: Ci,
  outdated: Outdated,
  update: Update,
  why: Why,
  yank: Yank,
  deprecate: Deprecate,
  'tag:add': TagAdd,
  'tag:rm': TagRm,
  'tag:ls': TagLs,
  'owner:add': OwnerAdd,
  'owner:rm': OwnerRm,
  'owner:ls': OwnerLs,
  'token:create': TokenCreate,
  'token:ls': TokenLs,
  'token:revoke': TokenRevoke,
  'org:create': OrgCreate,
  'org:show': OrgShow,
  'org:member': OrgMember,
  'team:create': TeamCreate,
  'team:rm': TeamRm,
  'team:member': TeamMember,
  'team:grant': TeamGrant,
  'keys:generate': KeysGenerate,
  'keys:ls': KeysLs,
  'keys:add': KeysAdd,
  'keys:rotate': KeysRotate,
  'keys:revoke': KeysRevoke,
  'trust:ls': TrustLs,
  'trust:forget': TrustForget,
  'profile:get': ProfileGet,
  'profile:password': ProfilePassword,
  'profile:enable-2fa': ProfileEnable2fa,
  'profile:disable-2fa': ProfileDisable2fa,
  'config:list': ConfigList,
  'config:get': ConfigGet,
  'config:set': ConfigSet,
  'config:delete': ConfigDelete,
  completion: Completion,
  whoami: Whoami,
} as const;
