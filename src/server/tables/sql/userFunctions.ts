import { crc32 } from 'node:zlib';

import {
  addInterval,
  dateOf,
  dateTimeOf,
  dayNames,
  dayOfYear,
  formatMoment,
  momentOf,
  momentToMillis,
  monthNames,
  parseDateTime,
  parseTime,
  timeOf,
  weekday,
  weekOf,
} from './dateText.js';
import {
  extractJson,
  jsonOverlaps,
  jsonNumber,
  jsonOrder,
  jsonScalar,
  parseJson,
  printJson,
  searchJson,
  unquoteJson,
} from './jsonText.js';
import { comparisonsPerUnit, matchesLike } from './likePattern.js';
import { mysqlDouble } from './numberText.js';
import { keyDivider, storedKey, textKey } from './textKey.js';
import { unixSeconds } from './translateCall.js';
import type { SqlValue } from './value.js';

/** The part of a SQLite connection that registers functions. */
export interface FunctionHost {
  function(
    name: string,
    body: (...args: SqlValue[]) => SqlValue | boolean,
    options?: { deterministic?: boolean },
  ): unknown;
}

/** Reading a JSON document takes as much work as this many rows. */
const unitsOfJson = 4;

/**
 * Registers the functions (`syn_...`) that translated statements call. Each returns NULL when an
 * argument is NULL.
 */
export function registerUserFunctions(host: FunctionHost, budget: Budget): void {
  for (const [name, body] of Object.entries(functions)) {
    const units = name.startsWith('syn_json') ? unitsOfJson : 0;
    const guarded = (...args: SqlValue[]): SqlValue | boolean => {
      if (args.includes(null)) return null;
      budget.countRows(units);
      for (const arg of args) {
        if (typeof arg === 'string') budget.countText(arg.length);
      }
      return body(...args);
    };
    // SQLite reads the number of arguments from `length`, which is 0 for rest parameters.
    Object.defineProperty(guarded, 'length', { value: body.length });
    host.function(name, guarded, { deterministic: true });
  }
  const work = (units: SqlValue): number => {
    budget.countRows(Number(units));
    return 1;
  };
  // The second argument names the row. Not deterministic, so that SQLite calls it for each row.
  host.function('syn_work', Object.defineProperty(work, 'length', { value: 2 }));
  const counted = (
    name: string,
    body: (...args: string[]) => SqlValue | boolean,
    count: number,
  ): void => {
    const guarded = (...args: SqlValue[]): SqlValue | boolean =>
      args.includes(null) ? null : body(...args.map(text));
    Object.defineProperty(guarded, 'length', { value: count });
    host.function(name, guarded, { deterministic: true });
  };
  // In the worst case, each place of a text is compared with the whole pattern.
  const countMatch = (value: string, pattern: string): void =>
    budget.countRows(Math.ceil((value.length * pattern.length) / comparisonsPerUnit));
  counted(
    'syn_like',
    (value = '', pattern = '', escape = '') => {
      countMatch(value, pattern);
      return matchesLike(value, pattern, escape);
    },
    3,
  );
  counted(
    'syn_json_search',
    (value = '', mode = '', pattern = '', escape = '') => {
      budget.countText(value.length);
      countMatch(value, pattern);
      return searchJson(value, mode, pattern, escape);
    },
    4,
  );
  counted(
    'syn_replace',
    (value = '', from = '', to = '') => replace(budget, value, { from, to }),
    3,
  );
}

/** What limits the work of statements; see `WorkBudget`. */
export interface Budget {
  countRows(units: number): void;
  countText(length: number): void;
}

/** `REPLACE`. The length of the result is checked before it is made. */
function replace(
  budget: Budget,
  value: string,
  { from, to }: { from: string; to: string },
): string {
  budget.countText(value.length);
  if (from === '') return value;
  const pieces = value.split(from);
  budget.countText(value.length + (pieces.length - 1) * (to.length - from.length));
  return pieces.join(to);
}

function text(value: SqlValue): string {
  return typeof value === 'string' ? value : String(value);
}

/** The parts of a time or date that `syn_date_part` reads. */
const parts: Readonly<Record<string, (value: string) => number | null>> = {
  MICROSECOND: (value) => parseTime(value)?.microsecond ?? null,
  SECOND: (value) => parseTime(value)?.second ?? null,
  MINUTE: (value) => parseTime(value)?.minute ?? null,
  HOUR: (value) => parseTime(value)?.hour ?? null,
  DAY: (value) => parseDateTime(value)?.day ?? null,
  MONTH: (value) => parseDateTime(value)?.month ?? null,
  YEAR: (value) => parseDateTime(value)?.year ?? null,
  QUARTER: (value) => {
    const month = parseDateTime(value)?.month;
    return month === undefined ? null : Math.ceil(month / 3);
  },
  DAYOFYEAR: (value) => {
    const moment = parseDateTime(value);
    return moment === undefined ? null : dayOfYear(moment);
  },
  DAYOFWEEK: (value) => {
    const moment = parseDateTime(value);
    return moment === undefined ? null : weekday(moment) + 1;
  },
};

function dateText(value: string, part: string): string | null {
  const moment = parseDateTime(value);
  if (moment === undefined) {
    return null;
  }
  switch (part) {
    case 'DAYNAME':
      return dayNames[weekday(moment)] ?? null;
    case 'MONTHNAME':
      return monthNames[moment.month - 1] ?? null;
    default:
      return dateOf(moment);
  }
}

function week(value: string, mode: number, part: string): number | null {
  const moment = parseDateTime(value);
  if (moment === undefined) {
    return null;
  }
  if (part === 'WEEK') {
    return weekOf(moment, mode).week;
  }
  const found = weekOf(moment, mode | 2);
  return found.year * 100 + found.week;
}

function millis(value: string): number | null {
  const moment = parseDateTime(value);
  return moment === undefined ? null : momentToMillis(moment) + (moment.microsecond % 1000) / 1000;
}

/** A date-time in numeric context: 20240131235959. */
function timeNumber(value: string): number | null {
  const moment = parseTime(value);
  if (moment === undefined) {
    return null;
  }
  const time = Number(timeOf(moment).replaceAll(':', ''));
  const date = moment.month === 0 ? 0 : Number(dateOf(moment).replaceAll('-', ''));
  return /^\d+-\d+-\d+$/.test(value) ? date : date * 1_000_000 + time;
}

function interval(value: string, count: number, unit: string): string | null {
  const moment = parseDateTime(value);
  if (moment === undefined) {
    return null;
  }
  const result = addInterval(moment, count, unit);
  const dateOnly = /^\d+-\d+-\d+$/.test(value.trim());
  if (dateOnly && ['DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR'].includes(unit)) {
    return dateOf(result);
  }
  return dateTimeOf(result, result.microsecond > 0 ? 6 : 0);
}

/** MySQL rounds half away from zero; a negative count of digits rounds before the point. */
function round(value: number, digits: number): number {
  const factor = 10 ** Math.min(Math.max(Math.trunc(digits), -30), 30);
  const scaled = Math.abs(value) * factor;
  if (!Number.isFinite(scaled)) {
    return value;
  }
  return (Math.sign(value) * Math.round(scaled)) / factor;
}

/** Unsigned 64-bit results; those that SQLite's integers cannot hold come as text. */
function bits(name: string, list: string): bigint | string {
  const values = (JSON.parse(list) as (string | null)[]).filter((item) => item !== null);
  const numbers = values.map((item) => BigInt.asUintN(64, BigInt(item)));
  let result = name === 'BIT_AND' ? 0xffff_ffff_ffff_ffffn : 0n;
  for (const number of numbers) {
    if (name === 'BIT_AND') {
      result &= number;
    } else if (name === 'BIT_OR') {
      result |= number;
    } else {
      result ^= number;
    }
  }
  return result > 0x7fff_ffff_ffff_ffffn ? result.toString() : result;
}

/** Variance by Welford's method, which stays exact for large numbers that differ little. */
/**
 * The sum of doubles, added one after the other as MySQL does. SQLite corrects rounding errors, and
 * its sums differ in the last digits.
 */
function sumInOrder(list: string): number {
  let sum = 0;
  for (const item of list.split(',')) {
    sum += item.endsWith('Inf') ? Number(item.replace('Inf', 'Infinity')) : Number(item);
  }
  return sum;
}

function deviation(name: string, list: string): number | null {
  let count = 0;
  let mean = 0;
  let squares = 0;
  for (const value of JSON.parse(list) as (number | null)[]) {
    if (value !== null) {
      count += 1;
      const delta = value - mean;
      mean += delta / count;
      squares += delta * (value - mean);
    }
  }
  const sample = name.endsWith('_SAMP');
  const divisor = sample ? count - 1 : count;
  if (divisor <= 0) {
    return null;
  }
  const variance = squares / divisor;
  return name.startsWith('STD') ? Math.sqrt(variance) : variance;
}

function groupConcat(list: string, separator: string, distinct: boolean): string | null {
  const seen = new Set<string>();
  const texts: string[] = [];
  for (const item of JSON.parse(list) as (string | null)[]) {
    if (item === null) continue;
    if (distinct) {
      const key = textKey(item).toLowerCase();
      if (seen.has(key)) continue;
      seen.add(key);
    }
    texts.push(item);
  }
  return texts.length === 0 ? null : texts.join(separator);
}

function normalJson(value: string): string {
  const parsed = parseJson(value);
  if (parsed === undefined) {
    throw new Error('Invalid JSON text.');
  }
  return printJson(parsed);
}

const functions: Readonly<Record<string, (...args: SqlValue[]) => SqlValue | boolean>> = {
  syn_key: (value: SqlValue) => textKey(text(value)),
  syn_stored_key: (value: SqlValue) => storedKey(text(value)),
  syn_after_divider: (value: SqlValue) => {
    const whole = text(value);
    return whole.slice(whole.indexOf(keyDivider) + 1);
  },
  syn_text: (value: SqlValue) => value,
  syn_double_text: (value: SqlValue) => mysqlDouble(Number(value)),
  syn_upper: (value: SqlValue) => text(value).toUpperCase(),
  syn_lower: (value: SqlValue) => text(value).toLowerCase(),
  syn_crc32: (value: SqlValue) => crc32(text(value)),
  syn_round: (value: SqlValue, digits: SqlValue) => round(Number(value), Number(digits)),
  syn_date_part: (value: SqlValue, part: SqlValue) => parts[text(part)]?.(text(value)) ?? null,
  syn_date_text: (value: SqlValue, part: SqlValue) => dateText(text(value), text(part)),
  syn_week: (value: SqlValue, mode: SqlValue, part: SqlValue) =>
    week(text(value), Number(mode), text(part)),
  syn_millis: (value: SqlValue) => millis(text(value)),
  syn_time_number: (value: SqlValue) => timeNumber(text(value)),
  syn_add_interval: (value: SqlValue, count: SqlValue, unit: SqlValue) =>
    interval(text(value), Number(count), text(unit)),
  syn_unix_timestamp: (value: SqlValue) => unixSeconds(text(value)),
  syn_from_unixtime: (seconds: SqlValue, digits: SqlValue) =>
    dateTimeOf(momentOf(Number(seconds) * 1000), Number(digits)),
  syn_from_unixtime_format: (seconds: SqlValue, format: SqlValue) =>
    formatMoment(momentOf(Number(seconds) * 1000), text(format)),
  syn_json: (value: SqlValue) => normalJson(text(value)),
  syn_json_scalar: (value: SqlValue) => jsonScalar(text(value)),
  syn_json_order: (value: SqlValue) => jsonOrder(text(value)),
  syn_json_number: (value: SqlValue) => jsonNumber(text(value)),
  syn_json_extract: (value: SqlValue, paths: SqlValue) =>
    extractJson(text(value), JSON.parse(text(paths)) as string[]),
  syn_json_overlaps: (left: SqlValue, right: SqlValue) => jsonOverlaps(text(left), text(right)),
  syn_json_quote: (value: SqlValue) => JSON.stringify(text(value)),
  syn_json_unquote: (value: SqlValue) => unquoteJson(text(value)),
  syn_bits: (name: SqlValue, list: SqlValue) => bits(text(name), text(list)),
  syn_deviation: (name: SqlValue, list: SqlValue) => deviation(text(name), text(list)),
  syn_sum: (list: SqlValue) => sumInOrder(text(list)),
  syn_group_concat: (list: SqlValue, separator: SqlValue, distinct: SqlValue) =>
    groupConcat(text(list), text(separator), Number(distinct) === 1),
};
