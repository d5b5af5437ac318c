import { Flags } from '@oclif/core';
import { usageError } from './usageError.js';

const powers = ['', 'k', 'm', 'g', 't'];

/**
 * Reads a number of bytes: `500`, `500k`, `1.5GB`, `2 GiB`. Units are powers of 1024, as in curl and wget.
 *
 * @throws a usage error for anything else.
 */
export function parseBytes(text: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?$/i.exec(text.trim()) ?? [];
  const bytes = Math.round(Number(number) * 1024 ** powers.indexOf(unit.toLowerCase()));
  if (Number.isSafeInteger(bytes)) return bytes;
  throw usageError(
    `${JSON.stringify(text)} is not a size: write a number such as 500k, 10M or 2G.`,
  );
}

const secondsIn: Readonly<Record<string, number>> = {
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
};

/**
 * Reads a time in the past: an age (`30d`, `12h`, `2w`), or a date (`2026-01-31`, in UTC unless it says otherwise).
 *
 * @throws a usage error for anything else.
 */
export function parsePast(text: string, now = Date.now()): Date {
  const [, number, unit = ''] = /^(\d+)\s*([smhdw])$/i.exec(text.trim()) ?? [];
  if (number !== undefined) {
    return new Date(now - Number(number) * (secondsIn[unit.toLowerCase()] ?? 0) * 1000);
  }
  const date = new Date(/^\d{4}-\d\d-\d\d/.test(text) ? text : Number.NaN);
  if (!Number.isNaN(date.getTime())) return date;
  throw usageError(`${JSON.stringify(text)} is neither an age such as 30d, 12h or 2w, nor a date.`);
}

export const bytesFlag = Flags.custom<number>({
  parse: (text) => Promise.resolve(parseBytes(text)),
  helpValue: '<size>',
});

/** Refuses a size of 0. */
export const positiveBytesFlag = Flags.custom<number>({
  parse: (text) => {
    const bytes = parseBytes(text);
    if (bytes === 0) throw usageError(`${text} is too small: give at least one byte.`);
    return Promise.resolve(bytes);
  },
  helpValue: '<size>',
});

export const pastFlag = Flags.custom<Date>({
  parse: (text) => Promise.resolve(parsePast(text)),
  helpValue: '<age>',
});
