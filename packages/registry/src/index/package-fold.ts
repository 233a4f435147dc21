import type Database from 'better-sqlite3';
import { foldPackageOperation } from '../fold/fold-packages.js';
import { PackageDraft } from '../fold/package-draft.js';
import type { LogFold } from '../log/log-fold.js';
import type { Permits } from '../publish/permits.js';
import { IndexFold } from './index-fold.js';
import type { PackageIndex } from './package-index.js';

/** The fold of the public log into the package index. Only what a permit allows is written. */
export function packageFold(database: Database.Database, packages: PackageIndex, permits: Permits): LogFold {
  return new IndexFold({
    log: 'log',
    database,
    draft: () => new PackageDraft(packages),
    fold: foldPackageOperation,
    write: (draft) => packages.write(draft),
    clear: () => packages.clear(),
    refusal: (op) => permits.refusal(op),
  });
}
