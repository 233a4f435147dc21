/** What became of an operation: it is in the log, by this request or, `already`, by an earlier one that was the same. */
export type Committed =
  | {
      readonly already: false;
      readonly seq: number;
      /** The operation's place in the entry, from 0. */
      readonly index: number;
      /** The entry's hash and time. */
      readonly hash: string;
      readonly time: string;
    }
  | { readonly already: true; readonly seq: number };
