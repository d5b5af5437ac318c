import { Flags } from '@oclif/core';
import { positiveBytesFlag } from './measureFlags.js';
import { usageError } from './usageError.js';

/** Which bytes of a file: from `start` up to, not including, `end`. */
export interface ByteRange {
  start: number;
  end?: number;
}

/** Reads a range as curl and HTTP write it: `0-99` is the first hundred bytes, `100-` all the others. */
export function parseRange(text: string): ByteRange {
  const [, first, last] = /^(\d+)-(\d*)$/.exec(text.trim()) ?? [];
  const range = { start: Number(first), end: last ? Number(last) + 1 : undefined };
  const { start, end = Infinity } = range;
  if (Number.isSafeInteger(start) && start < end) return range;
  throw usageError(
    `${JSON.stringify(text)} is no range of bytes: write 0-99 for the first hundred, or 100- for all after them.`,
  );
}

export const rangeFlag = {
  range: Flags.custom<ByteRange>({
    parse: (text) => Promise.resolve(parseRange(text)),
    helpValue: '<first>-[<last>]',
    description: 'Only these bytes, counted from 0: 0-99 are the first hundred.',
  })(),
};

export const limitRateFlag = {
  'limit-rate': positiveBytesFlag({
    aliases: ['limitRate'],
    description: 'Bytes a second at most, all files together: 500k, 10M.',
  }),
};

export const noVerifyFlag = {
  'no-verify': Flags.boolean({
    aliases: ['noVerify'],
    description: 'Do not compare the MD5 of what is downloaded with the one in Synapse.',
  }),
};
