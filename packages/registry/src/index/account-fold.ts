import type Database from 'better-sqlite3';
import { AccountDraft } from '../accounts/account-draft.js';
import { foldAccountOperation } from '../accounts/fold-accounts.js';
import type { LogFold } from '../log/log-fold.js';
import type { Permits } from '../publish/permits.js';
import type { AccountIndex } from './account-index.js';
import { IndexFold } from './index-fold.js';

/** The fold of the accounts log into the account index. Only what a permit allows is written. */
export function accountFold(database: Database.Database, accounts: AccountIndex, permits: Permits): LogFold {
  return new IndexFold({
    log: 'accounts',
    database,
    draft: () => new AccountDraft(accounts),
    fold: foldAccountOperation,
    write: (draft) => accounts.write(draft),
    clear: () => accounts.clear(),
    refusal: (op) => permits.refusal(op),
  });
}
