import { backup, restore } from './backup.js';
import type { Command } from './command.js';
import { configCheck } from './config-check.js';
import { configShow } from './config-show.js';
import { gc } from './gc.js';
import { keyRevoke } from './key-revoke.js';
import { mirror } from './mirror.js';
import { organisationAdd } from './organisation-add.js';
import { organisationMember } from './organisation-member.js';
import { organisationShow } from './organisation-show.js';
import { ownerAdd, ownerRemove } from './owner.js';
import { redact } from './redact.js';
import { serve } from './serve.js';
import { takedown } from './takedown.js';
import { tokenCreate } from './token-create.js';
import { tokenRevoke } from './token-revoke.js';
import { upgrade } from './upgrade.js';
import { userAdd } from './user-add.js';
import { userErase } from './user-erase.js';
import { userList } from './user-list.js';
import { userReset } from './user-reset.js';
import { verify } from './verify.js';

/** All commands, as help lists them. */
export const COMMANDS: readonly Command[] = [
  serve,
  userAdd,
  userList,
  tokenCreate,
  tokenRevoke,
  verify,
  backup,
  restore,
  mirror,
  gc,
  redact,
  configCheck,
  configShow,
  upgrade,
  organisationAdd,
  organisationShow,
  organisationMember,
  ownerAdd,
  ownerRemove,
  keyRevoke,
  userReset,
  userErase,
  takedown,
];
