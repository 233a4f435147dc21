/** What the flags about losses and costs ask for. */
export interface LossRequest {
  readonly ledger: 'plain' | 'exact';
  readonly strict: boolean;
  readonly stats: boolean;
  /** Share of one core: 0.01 is one per cent. */
  readonly budget: number | undefined;
}

/** The flags as they were given; `--strict` asks for an exact ledger unless `--ledger plain` was typed. */
export function lossRequest({ ledger, strict, stats, budget }: GivenFlags): LossRequest {
  return { ledger: ledger ?? (strict ? 'exact' : 'plain'), strict, stats, budget };
}

type GivenFlags = Omit<LossRequest, 'ledger'> & { readonly ledger: LossRequest['ledger'] | undefined };

/** The flags that ask for the same. */
export function lossArguments({ ledger, strict, stats, budget }: LossRequest): readonly string[] {
  return [
    '--ledger',
    ledger,
    ...(strict ? ['--strict'] : []),
    ...(stats ? ['--stats'] : []),
    ...(budget === undefined ? [] : ['--budget', formatShare(budget)]),
  ];
}

/** A share of one core as `--budget` takes it, without an exponent: `0.5%`. */
export function formatShare(share: number): string {
  return `${(share * 100).toFixed(12).replace(/\.?0+$/, '')}%`;
}
