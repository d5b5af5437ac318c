import { parseIsoDate } from '../../values/dates.js';
import { strip } from '../../values/whitespace.js';
import { writeLong } from './writeNumber.js';
import type { Misfit, Written } from './written.js';

const wholeNumber = /^[+-]?\d+$/;
/** The usual forms: a day, or a time in UTC. Years before 1000 have a meaning of their own in `Date.UTC`. */
const usualDate = /^([1-9]\d{3})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{3}))?Z?)?$/;
/** What `Date.toISOString` writes, for any year. */
const isoString = /^(?:[+-]\d{6}|\d{4})-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
/** The form of dates that Synapse accepts beside ISO 8601: numbers without leading zeros. */
const looseDate =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?: (\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,9}))?)?)?)?$/;
const finerThanMilliseconds = /[.,]\d{3}\d*[1-9]/;

const notADate: Misfit = {
  reason: 'is not a date: pass a Date, milliseconds since 1970, or an ISO 8601 date',
};
const finer: Misfit = { reason: 'has digits below a millisecond, which Synapse cannot store' };

/**
 * Writes a DATE: milliseconds since 1970. A text is such a number, or a date; a date without an offset is in UTC, as Synapse
 * reads it.
 */
export function writeDate(value: unknown): Written {
  if (typeof value === 'object' && value instanceof Date) {
    const time = value.getTime();
    return Number.isNaN(time) ? notADate : String(time);
  }
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) return String(value);
    if (Number.isInteger(value)) return writeLong(value);
    return Number.isFinite(value) ? finer : notADate;
  }
  if (typeof value === 'bigint') return writeLong(value);
  return typeof value === 'string' ? writeDateText(strip(value)) : notADate;
}

function writeDateText(text: string): Written {
  if (wholeNumber.test(text)) return writeLong(text);
  const usual = usualDate.exec(text);
  if (usual !== null) return usualTime(usual);
  const time = isoString.test(text) ? isoStringTime(text) : dateTime(text);
  if (time === undefined) return notADate;
  return finerThanMilliseconds.test(text) ? finer : String(time);
}

/** Much faster than {@link parseIsoDate}. */
function usualTime(parts: RegExpExecArray): Written {
  const number = (index: number): number => Number(parts[index] ?? 0);
  const [month, day, hour, minute, second] = [
    number(2) - 1,
    number(3),
    number(4),
    number(5),
    number(6),
  ];
  if (hour > 23 || minute > 59 || second > 59) return notADate;
  const time = Date.UTC(number(1), month, day, hour, minute, second, number(7));
  const date = new Date(time);
  // A day that does not exist would be one of the next month.
  const exists = date.getUTCMonth() === month && date.getUTCDate() === day;
  return exists ? String(time) : notADate;
}

/** The engine also reads days that do not exist, as days of the next month. */
function isoStringTime(text: string): number | undefined {
  const time = Date.parse(text);
  return !Number.isNaN(time) && new Date(time).toISOString() === text ? time : undefined;
}

function dateTime(text: string): number | undefined {
  const padded = text.replace(looseDate, (_, ...parts: (string | undefined)[]) => {
    const [year = '', month = '', day = '', hour = '0', minute = '0', second = '0', fraction] =
      parts.slice(0, 7);
    const date = [year, pad(month), pad(day)].join('-');
    const fractionText = fraction === undefined ? '' : `.${fraction}`;
    return `${date}T${[hour, minute, second].map(pad).join(':')}${fractionText}`;
  });
  return parseIsoDate(padded, { timeZone: 'UTC' })?.getTime();
}

function pad(digits: string): string {
  return digits.padStart(2, '0');
}
