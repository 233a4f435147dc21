import { resolve } from 'node:path';

/** What an ebpm.json asks of WASI (schemas/ebpm.schema.json, `wasi`). */
export interface WasiWishes {
  readonly env?: readonly string[];
  readonly dirs?: readonly { readonly path: string; readonly guest?: string; readonly access?: 'read' | 'write' }[];
}

/** What a user allows, one word of `--allow`. */
export type WasiAllow =
  /** Without a name: all variables that are asked for. */
  | { readonly kind: 'env'; readonly name: string | undefined }
  | { readonly kind: 'folder'; readonly path: string; readonly writable: boolean };

/** A folder that a guest is given. */
export interface GrantedFolder {
  /** Absolute. */
  readonly path: string;
  readonly guestPath: string;
  readonly writable: boolean;
}

/** What a guest gets. */
export interface WasiGrants {
  readonly env: readonly string[];
  readonly folders: readonly GrantedFolder[];
  /** What was asked for and is not given, as words of `--allow` that would give it. */
  readonly withheld: readonly string[];
  /** What was allowed and is not asked for, as it was typed. */
  readonly unasked: readonly string[];
}

/** `wasi:env`, `wasi:env=NAME`, `wasi:dir=PATH` or `wasi:write=PATH`; undefined for anything else. */
export function parseWasiAllow(word: string): WasiAllow | undefined {
  if (word === 'wasi:env') return { kind: 'env', name: undefined };
  const [, key, value = ''] = /^wasi:(env|dir|write)=(.*)$/s.exec(word) ?? [];
  if (key === 'env') return /^[A-Za-z_][A-Za-z0-9_]*$/.test(value) ? { kind: 'env', name: value } : undefined;
  if (key === undefined || value === '' || value.includes('\0')) return undefined;
  return { kind: 'folder', path: value, writable: key === 'write' };
}

/** The word of `--allow` that says so. */
function wordOf(allow: WasiAllow): string {
  if (allow.kind === 'folder') return `wasi:${allow.writable ? 'write' : 'dir'}=${allow.path}`;
  return allow.name === undefined ? 'wasi:env' : `wasi:env=${allow.name}`;
}

/**
 * What both its ebpm.json asks for and the user allows; where there is no ebpm.json, what the user names. A folder is allowed by its very path and not by one above it, in which a
 * link could lead anywhere.
 *
 * @param cwd what relative paths are relative to
 */
export function wasiGrants(wishes: WasiWishes | undefined, allowed: readonly WasiAllow[], cwd: string): WasiGrants {
  if (wishes === undefined) return asNamed(allowed, cwd);
  const env = grantedEnv(wishes.env ?? [], allowed);
  const folders = grantedFolders(wishes, allowed, cwd);
  return {
    env: env.granted,
    folders: folders.granted,
    withheld: [...env.withheld, ...folders.withheld],
    unasked: [...env.unasked, ...folders.unasked],
  };
}

function grantedEnv(asked: readonly string[], allowed: readonly WasiAllow[]) {
  const words = allowed.filter((one) => one.kind === 'env');
  const granted = asked.filter((name) => words.some((one) => one.name === undefined || one.name === name));
  const isAsked = (name: string | undefined) => (name === undefined ? asked.length > 0 : asked.includes(name));
  return {
    granted,
    withheld: granted.length === asked.length ? [] : ['wasi:env'],
    unasked: words.filter(({ name }) => !isAsked(name)).map(wordOf),
  };
}

function grantedFolders(wishes: WasiWishes, allowed: readonly WasiAllow[], cwd: string) {
  const words = allowed.filter((one) => one.kind === 'folder').map((one) => ({ ...one, at: resolve(cwd, one.path) }));
  const asked = wasiFolders(wishes).map(({ path, guest, access }) => {
    const at = resolve(cwd, path);
    const allowing = words.filter((one) => one.at === at);
    const wantsWrite = access === 'write';
    return {
      at,
      guest,
      wantsWrite,
      isAllowed: allowing.length > 0,
      isWriteAllowed: allowing.some((one) => one.writable),
    };
  });
  return {
    granted: asked
      .filter(({ isAllowed }) => isAllowed)
      .map(({ at, guest, ...one }) => ({ path: at, guestPath: guest, writable: one.wantsWrite && one.isWriteAllowed })),
    withheld: asked
      .filter((one) => !(one.wantsWrite ? one.isWriteAllowed : one.isAllowed))
      .map(({ at, wantsWrite }) => wordOf({ kind: 'folder', path: at, writable: wantsWrite })),
    unasked: words.filter((one) => asked.every(({ at }) => at !== one.at)).map(wordOf),
  };
}

/** The folders that an ebpm.json asks for, with what it leaves out. */
export function wasiFolders({ dirs = [] }: WasiWishes) {
  return dirs.map(({ path, guest = path, access = 'read' }) => ({ path, guest, access }));
}

function asNamed(allowed: readonly WasiAllow[], cwd: string): WasiGrants {
  const env = allowed.flatMap((one) => (one.kind === 'env' && one.name !== undefined ? [one.name] : []));
  const folders = new Map<string, GrantedFolder>();
  for (const one of allowed) {
    if (one.kind !== 'folder') continue;
    const path = resolve(cwd, one.path);
    const writable = one.writable || folders.get(path)?.writable === true;
    folders.set(path, { path, guestPath: one.path, writable });
  }
  const unasked = allowed.filter((one) => one.kind === 'env' && one.name === undefined).map(wordOf);
  return { env: [...new Set(env)], folders: [...folders.values()], withheld: [], unasked };
}
