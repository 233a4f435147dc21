// Loaded before a program: its clock is EBPM_TEST_SKEW_MS ahead.

const SystemDate = Date;
const skewMs = Number(process.env['EBPM_TEST_SKEW_MS']);

globalThis.Date = class extends SystemDate {
  constructor(...args) {
    if (args.length === 0) super(SystemDate.now() + skewMs);
    else super(...args);
  }

  static now() {
    return SystemDate.now() + skewMs;
  }
};
