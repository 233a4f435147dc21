import { type BpfExtern, essentialName } from '@ebpm/object';
import type { RunnablePackage } from '../runnable-package.js';
import type { Finding } from './finding.js';
import type { Host } from './host.js';
import { settingValue } from './kconfig-value.js';

/** What the package asks of the kernel's configuration: what it gets, and what stands against it. */
export interface CheckedSettings {
  /** Numbers that programs see, by name. What is not known is not there. */
  readonly settings: ReadonlyMap<string, bigint>;
  readonly findings: readonly Finding[];
}

/** Looks up the variables in `__kconfig` as libbpf does: one that is not weak and has no value stops the package. */
export function checkSettings({ object }: RunnablePackage, host: Host): CheckedSettings {
  const externs = object.externs.filter(({ section }) => section === '.kconfig');
  const settings = new Map<string, bigint>();
  const findings = externs.flatMap((extern): readonly Finding[] => {
    const found = valueFor(extern, object.btf, host);
    if (typeof found === 'bigint') settings.set(extern.name, found);
    return typeof found === 'object' ? [found] : [];
  });
  return { settings, findings };
}

function valueFor(extern: BpfExtern, btf: RunnablePackage['object']['btf'], host: Host): bigint | Finding | undefined {
  const name = essentialName(extern.name);
  const virtual = host.settings().get(name);
  if (virtual !== undefined) return virtual;
  if (!name.startsWith('CONFIG_')) {
    if (host.certainty === 'inferred' || VIRTUAL.includes(name)) return undefined;
    return extern.weak ? 0n : missing(name, `libbpf knows no setting ${name}`);
  }
  const config = host.config();
  if (config === undefined) {
    if (host.certainty === 'inferred') return undefined;
    const reason = `the kernel's configuration is not to be found, and the package asks for ${name}`;
    return missing(name, reason, 'Put it into /boot/config-RELEASE, or use a kernel with CONFIG_IKCONFIG_PROC');
  }
  const text = config.get(name);
  if (text === undefined) {
    return extern.weak
      ? 0n
      : missing(name, `this kernel was built without ${name}`, 'Use a kernel that was built with it');
  }
  const variable = btf?.type(extern.typeId);
  const type = variable?.kind === 'var' ? btf?.resolve(variable.typeId) : undefined;
  if (type === undefined) return undefined;
  const value = settingValue(type, text);
  if (value.kind === 'wrong') return missing(name, `${name} is not what the package takes it for: ${value.reason}`);
  return value.kind === 'number' ? value.value : undefined;
}

/** What libbpf makes up itself; where one is not known here, libbpf knows it all the same. */
const VIRTUAL: readonly string[] = ['LINUX_KERNEL_VERSION', 'LINUX_HAS_BPF_COOKIE', 'LINUX_HAS_SYSCALL_WRAPPER'];

function missing(name: string, reason: string, cure?: string): Finding {
  const about = { code: 'kernel_setting', subject: `setting ${name}`, wants: name } as const;
  return { ...about, outcome: 'missing', certainty: 'proved', reason, ...(cure !== undefined && { cure }) };
}
