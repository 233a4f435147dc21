/** By which field events are sorted. */
export interface SortOrder {
  /** The field's path. */
  readonly field: string;
  /** The highest first. */
  readonly descending: boolean;
}
