/**
 * The version of the facts: it rises with every change that gives other facts for the same bytes, so that a registry and a client of
 * the same version have the same bytes or one of them is wrong.
 */
export const FACTS_VERSION = 2;
