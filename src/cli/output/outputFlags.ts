import { Flags, type Interfaces } from '@oclif/core';
import type { FlagSpelling } from '../checkFlags.js';

/** The flags of all commands that print a result. Each of the others implies `--json`. */
export const outputFlags = {
  json: Flags.boolean({
    description: 'Print the result as JSON, and progress and errors as JSON on standard error.',
    helpGroup: 'GLOBAL',
  }),
  fields: Flags.string({
    description: 'Print only these fields of the result as JSON: id,name,annotations.tissue.',
    helpValue: '<names>',
    helpGroup: 'GLOBAL',
  }),
  jq: Flags.string({
    description:
      'Print what a jq expression makes of the JSON, one result per line. Texts are printed without quotes.',
    helpValue: '<expression>',
    helpGroup: 'GLOBAL',
  }),
  ndjson: Flags.boolean({
    description: 'Print a list as one line of JSON per item, as they arrive.',
    helpGroup: 'GLOBAL',
  }),
};

/** For commands that print bytes: the flags are not offered, and refused when they are given. */
export const noOutputFlags = {
  json: { ...outputFlags.json, hidden: true },
  fields: { ...outputFlags.fields, hidden: true },
  jq: { ...outputFlags.jq, hidden: true },
  ndjson: { ...outputFlags.ndjson, hidden: true },
};

/** The flags that a command takes, without those of the output when it prints bytes. */
export function flagsToCheck({
  enableJsonFlag = false,
  baseFlags,
  flags,
}: Pick<
  Interfaces.Input<object, object, object>,
  'baseFlags' | 'enableJsonFlag' | 'flags'
>): Record<string, FlagSpelling> {
  const all: Record<string, FlagSpelling> = { ...baseFlags, ...flags };
  if (enableJsonFlag) return all;
  return Object.fromEntries(Object.entries(all).filter(([name]) => !(name in outputFlags)));
}
