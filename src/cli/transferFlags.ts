import { Flags } from '@oclif/core';
import { positiveBytesFlag } from './measureFlags.js';
import { usageError } from './usageError.js';

/** A range of bytes: from `start` (inclusive) to `end` (exclusive). */
export interface ByteRange {
  start: number;
  end?: number;
}

/** Parses a range in the form of curl and HTTP: `0-99` is the first 100 bytes, `100-` is the rest. */
export function parseRange(text: string): ByteRange {
  const [, first, last] = /^(\d+)-(\d*)$/.exec(text.trim()) ?? [];
  const range = { start: Number(first), end: last ? Number(last) + 1 : undefined };
  const { start, end = Infinity } = range;
  if (Number.isSafeInteger(start) && start < end) return range;
  throw usageError(
    `${JSON.stringify(text)} is not a range of bytes: write 0-99 for the first 100 bytes, or 100- for the rest.`,
  );
}

export const rangeFlag = {
  range: Flags.custom<ByteRange>({
    parse: (text) => Promise.resolve(parseRange(text)),
    helpValue: '<first>-[<last>]',
    description: 'Download only these bytes: 0-99 is the first 100.',
  })(),
};

export const limitRateFlag = {
  'limit-rate': positiveBytesFlag({
    aliases: ['limitRate'],
    description: 'Bytes per second of all transfers, such as 500k or 10M.',
  }),
};

export const noVerifyFlag = {
  'no-verify': Flags.boolean({
    aliases: ['noVerify'],
    description: 'Do not verify the MD5 of downloads.',
  }),
};
