/** What the status of every thread must say of a process that has given up its rights for good: nobody, with nothing. */
export const WITHOUT_RIGHTS = {
  Uid: '65534\t65534\t65534\t65534',
  Gid: '65534\t65534\t65534\t65534',
  Groups: '',
  CapInh: '0000000000000000',
  CapPrm: '0000000000000000',
  CapEff: '0000000000000000',
  CapAmb: '0000000000000000',
  NoNewPrivs: '1',
};
