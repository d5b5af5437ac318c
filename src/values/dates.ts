import { ArgumentError } from '../errors.js';
import { parseDouble } from './doubles.js';
import { quoted } from './quoted.js';

const dayMs = 86_400_000;
// The range of years for dates in Synapse (and in most of its clients).
const earliestMs = wallClock(1, 1, 1);
const latestMs = wallClock(10_000, 1, 1) - 1;

const isoDay = String.raw`(\d{4})(?:-(\d\d)-(\d\d)|(\d\d)(\d\d)|-W(\d\d)(?:-(\d))?|W(\d\d)(\d)?)`;
const isoTime = String.raw`(\d\d)(?::(\d\d)(?::(\d\d)(?:[.,](\d+))?)?|(\d\d)(?:(\d\d)(?:[.,](\d+))?)?)?`;
// Any character but a digit and Z may stand between the day and the time: 201901011030 is a number, not a date.
const isoDate = new RegExp(`^${isoDay}(?:[^\\dZ]${isoTime}(Z|[+-].*)?|(Z))?$`, 'su');
const isoOffset = /^([+-])(\d\d)(?::?(\d\d)(?::?(\d\d)(?:\.(\d+))?)?)?$/;

/** Options for dates without an offset. */
export interface DateOptions {
  /**
   * IANA time zone for dates without an offset.
   * @default the zone of this machine
   */
  timeZone?: string;
}

/**
 * Reads an ISO 8601 date, with or without a time and an offset: `2019-01-01`, `20190101T103015Z`,
 * `2019-W01-1`, `2019-01-01 10:30:15.123+05:30`. Digits below a millisecond are dropped.
 *
 * @returns `undefined` when the text is not such a date.
 */
export function parseIsoDate(text: string, options: DateOptions = {}): Date | undefined {
  const match = isoDate.exec(text);
  if (match === null) return undefined;
  const [year, dashMonth, dashDay, month, day, dashWeek, dashWeekday, week, weekday] = match
    .slice(1, 10)
    .map(digits);
  const [hour, colonMinute, colonSecond, , minute, second] = match.slice(10, 16).map(digits);
  const weekNumber = dashWeek ?? week;
  const midnight =
    weekNumber === undefined
      ? calendarDay(year ?? 0, dashMonth ?? month ?? 0, dashDay ?? day ?? 0)
      : weekDay(year ?? 0, weekNumber, dashWeekday ?? weekday ?? 1);
  const time = timeOfDay(
    hour ?? 0,
    colonMinute ?? minute ?? 0,
    colonSecond ?? second ?? 0,
    match[13] ?? match[16] ?? '',
  );
  const offset = offsetMs(match[17] ?? match[18]);
  if (midnight === undefined || time === undefined || offset === undefined) return undefined;
  const wall = midnight + time;
  return new Date(offset === 'none' ? zonedToEpoch(wall, options.timeZone) : wall - offset);
}

function digits(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

function wallClock(year: number, month: number, day: number): number {
  // Date.UTC maps the years 0 to 99 to 1900 to 1999.
  return new Date(0).setUTCFullYear(year, month - 1, day);
}

function calendarDay(year: number, month: number, day: number): number | undefined {
  const at = wallClock(year, month, day);
  const date = new Date(at);
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return year >= 1 && exists ? at : undefined;
}

function weekDay(year: number, week: number, weekday: number): number | undefined {
  if (year < 1 || week < 1 || weekday < 1 || weekday > 7) return undefined;
  if (firstMonday(year) + (week - 1) * 7 * dayMs >= firstMonday(year + 1)) return undefined;
  return firstMonday(year) + ((week - 1) * 7 + weekday - 1) * dayMs;
}

// ISO week 1 is the week that contains January 4.
function firstMonday(year: number): number {
  const fourth = wallClock(year, 1, 4);
  return fourth - ((new Date(fourth).getUTCDay() + 6) % 7) * dayMs;
}

function timeOfDay(h: number, m: number, s: number, fraction: string): number | undefined {
  if (h > 23 || m > 59 || s > 59) return undefined;
  return ((h * 60 + m) * 60 + s) * 1000 + Number(fraction.slice(0, 3).padEnd(3, '0'));
}

function offsetMs(text: string | undefined): number | 'none' | undefined {
  if (text === undefined) return 'none';
  if (text === 'Z') return 0;
  const match = isoOffset.exec(text);
  if (match === null) return undefined;
  const [hours = 0, minutes = 0, seconds = 0] = match.slice(2, 5).map(digits);
  const offset = timeOfDay(hours, minutes, seconds, match[5] ?? '');
  if (offset === undefined) return undefined;
  return match[1] === '-' ? -offset : offset;
}

/** The instant at which clocks of a zone show a wall-clock time, with the offset in force at that time. */
function zonedToEpoch(wall: number, timeZone: string | undefined): number {
  const guess = wall - zoneOffset(wall, timeZone);
  return wall - zoneOffset(guess, timeZone);
}

function zoneOffset(epochMs: number, timeZone: string | undefined): number {
  if (timeZone === 'UTC') return 0;
  if (timeZone === undefined) return -new Date(epochMs).getTimezoneOffset() * 60_000;
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    era: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(epochMs);
  const part = (type: Intl.DateTimeFormatPartTypes): number =>
    Number(parts.find((p) => p.type === type)?.value ?? 0);
  const isBeforeChrist = parts.some(({ type, value }) => type === 'era' && value === 'BC');
  const year = isBeforeChrist ? 1 - part('year') : part('year');
  const day = wallClock(year, part('month'), part('day'));
  const time = timeOfDay(part('hour'), part('minute'), part('second'), '') ?? 0;
  return day + time - Math.floor(epochMs / 1000) * 1000;
}

/**
 * Milliseconds since 1970 of a date, as tables and annotations of Synapse store it.
 *
 * @throws {@link ArgumentError} when a text is not a date.
 */
export function toEpochMs(date: Date | string, options: DateOptions = {}): number {
  const parsed = typeof date === 'string' ? parseIsoDate(date, options) : date;
  const ms = parsed?.getTime() ?? Number.NaN;
  if (Number.isNaN(ms)) throw new ArgumentError(`Not a date: ${quoted(date)}`);
  return ms;
}

/**
 * The date of milliseconds since 1970; fractions of a millisecond are dropped.
 *
 * @throws {@link ArgumentError} when it is not a number, or lies outside the years 1 to 9999.
 */
export function fromEpochMs(ms: number | bigint | string): Date {
  const number = typeof ms === 'string' ? parseDouble(ms.trim()) : ms;
  const value = Math.floor(Number(number ?? Number.NaN));
  if (!isInRange(value)) {
    throw new ArgumentError(
      `${quoted(String(ms))} is not a time in milliseconds since 1970, within the years 1 to 9999`,
    );
  }
  return new Date(value);
}

/** Whether a time lies within the years 1 to 9999. */
export function isInRange(ms: number): boolean {
  return ms >= earliestMs && ms <= latestMs;
}

/** How {@link formatIso} writes a date. */
export interface IsoFormat {
  /**
   * The separator between the date and the time.
   * @default 'T'
   */
  separator?: string;
  /**
   * Whether milliseconds are written when they are zero.
   * @default true
   */
  zeroMilliseconds?: boolean;
}

/** A date in UTC as the API writes it: `2024-10-01T12:34:56.789Z`. */
export function formatIso(
  date: Date,
  { separator = 'T', zeroMilliseconds = true }: IsoFormat = {},
): string {
  const text = date.toISOString().replace('T', separator);
  return zeroMilliseconds ? text : text.replace('.000Z', 'Z');
}
