/** The parts of a point in time, as in MySQL; all in UTC. */
export interface Moment {
  readonly year: number;
  /** 1-12; 0 when there is none. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly microsecond: number;
}

const dateForm =
  /^(\d{1,4})[-/.:](\d{1,2})[-/.:](\d{1,2})(?:[T ]+(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,9}))?)?)?)?(Z|[+-]\d{2}:?\d{2})?$/;
const timeForm = /^(-)?(\d{1,3}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,9}))?)?$/;

/**
 * Reads a date the way cells of type DATE and date literals may be written: epoch milliseconds, ISO
 * 8601, or `yy-M-d[ H:m[:s[.SSS]]]`.
 *
 * @returns epoch milliseconds; `undefined` when the text is not a date
 */
export function parseDateValue(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^[+-]?\d{1,19}$/.test(trimmed)) {
    return Number(trimmed);
  }
  const moment = parseDateTime(trimmed);
  return moment === undefined ? undefined : momentToMillis(moment) - zoneOffset(trimmed);
}

/** Milliseconds to subtract from a time with an offset from UTC. */
function zoneOffset(text: string): number {
  const zone = dateForm.exec(text)?.[8];
  if (zone === undefined || zone === 'Z') {
    return 0;
  }
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}

/** Reads a MySQL date or date-time. `undefined` when it is not valid or the day does not exist. */
export function parseDateTime(text: string): Moment | undefined {
  const match = dateForm.exec(text.trim());
  const packed =
    match === null ? /^(\d{4}|\d{2})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2}))?$/.exec(text) : null;
  const parts = match ?? packed;
  if (parts === null) {
    return undefined;
  }
  const year = Number(parts[1]);
  const moment: Moment = {
    year: (parts[1]?.length ?? 0) <= 2 ? year + (year < 70 ? 2000 : 1900) : year,
    month: Number(parts[2]),
    day: Number(parts[3]),
    hour: Number(parts[4] ?? 0),
    minute: Number(parts[5] ?? 0),
    second: Number(parts[6] ?? 0),
    microsecond: Number((match?.[7] ?? '').slice(0, 6).padEnd(6, '0')),
  };
  return isReal(moment) ? moment : undefined;
}

function isReal(moment: Moment): boolean {
  const { year, month, day, hour, minute, second } = moment;
  if (month < 1 || month > 12 || hour > 23 || minute > 59 || second > 59) {
    return false;
  }
  return day >= 1 && day <= daysInMonth(year, month);
}

function daysInMonth(year: number, month: number): number {
  return new Date(utc(year, month, 0)).getUTCDate();
}

/** Reads a date-time, or a time of day without a date. */
export function parseTime(text: string): Moment | undefined {
  const match = timeForm.exec(text.trim());
  if (match === null) {
    return parseDateTime(text);
  }
  return {
    year: 0,
    month: 0,
    day: 0,
    hour: Number(match[2]),
    minute: Number(match[3]),
    second: Number(match[4] ?? 0),
    microsecond: Number((match[5] ?? '').slice(0, 6).padEnd(6, '0')),
  };
}

/** `Date.UTC` without its special years; `month` from 0. */
function utc(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month, day);
}

/** Epoch milliseconds of a moment (whole milliseconds). */
export function momentToMillis(moment: Moment): number {
  return (
    utc(moment.year, moment.month - 1, moment.day) +
    ((moment.hour * 60 + moment.minute) * 60 + moment.second) * 1000 +
    Math.floor(moment.microsecond / 1000)
  );
}

/** The moment of an epoch time; `microsecond` keeps what is below a millisecond. */
export function momentOf(millis: number): Moment {
  const whole = Math.floor(millis);
  const date = new Date(whole);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    microsecond: date.getUTCMilliseconds() * 1000 + Math.round((millis - whole) * 1000),
  };
}

function pad(value: number, length = 2): string {
  return String(value).padStart(length, '0');
}

/** `YYYY-MM-DD`. */
export function dateOf(moment: Moment): string {
  return `${pad(moment.year, 4)}-${pad(moment.month)}-${pad(moment.day)}`;
}

/** `HH:MM:SS` with `digits` digits after the point. */
export function timeOf(moment: Moment, digits = 0): string {
  const fraction = digits === 0 ? '' : `.${pad(moment.microsecond, 6).slice(0, digits)}`;
  return `${pad(moment.hour)}:${pad(moment.minute)}:${pad(moment.second)}${fraction}`;
}

/** `YYYY-MM-DD HH:MM:SS` with `digits` digits after the point. */
export function dateTimeOf(moment: Moment, digits = 0): string {
  return `${dateOf(moment)} ${timeOf(moment, digits)}`;
}

/** Days since 0000-01-01, for week arithmetic. */
function dayNumber(moment: Moment): number {
  return Math.floor(utc(moment.year, moment.month - 1, moment.day) / 86_400_000);
}

/** 0 is Sunday. */
export function weekday(moment: Moment): number {
  return (((dayNumber(moment) + 4) % 7) + 7) % 7;
}

/** 1-366. */
export function dayOfYear(moment: Moment): number {
  return dayNumber(moment) - dayNumber({ ...moment, month: 1, day: 1 }) + 1;
}

/**
 * Year and week of MySQL's `WEEK(date, mode)`; the mode's bits choose Monday as first day (1), the
 * range 1-53 (2), and whether week 1 is the first one with its first day in the year (4).
 */
export function weekOf(moment: Moment, mode: number): { year: number; week: number } {
  const mondayFirst = (mode & 1) !== 0;
  const weekYear = (mode & 2) !== 0;
  const firstWeekday = ((mode & 4) !== 0) === mondayFirst;
  const day = dayNumber(moment);
  const shift = mondayFirst ? 6 : 0;
  const startOf = (year: number): number => {
    const january = { ...moment, year, month: 1, day: 1 };
    const offset = (weekday(january) + shift) % 7;
    const first = dayNumber(january) - offset;
    const whole = firstWeekday ? offset === 0 : offset <= 3;
    return whole ? first : first + 7;
  };
  if (day < startOf(moment.year)) {
    if (!weekYear) {
      return { year: moment.year, week: 0 };
    }
    const start = startOf(moment.year - 1);
    return { year: moment.year - 1, week: Math.floor((day - start) / 7) + 1 };
  }
  if (weekYear && day >= startOf(moment.year + 1)) {
    return { year: moment.year + 1, week: 1 };
  }
  return { year: moment.year, week: Math.floor((day - startOf(moment.year)) / 7) + 1 };
}

/** Adds `count` units; months and years keep the day of the month where it exists. */
export function addInterval(moment: Moment, count: number, unit: string): Moment {
  const months = { MONTH: 1, QUARTER: 3, YEAR: 12 }[unit];
  if (months !== undefined) {
    const index = moment.year * 12 + moment.month - 1 + Math.trunc(count) * months;
    const year = Math.floor(index / 12);
    const month = index - year * 12 + 1;
    return { ...moment, year, month, day: Math.min(moment.day, daysInMonth(year, month)) };
  }
  const millis =
    { MICROSECOND: 0.001, SECOND: 1000, MINUTE: 60_000, HOUR: 3_600_000, DAY: 86_400_000 }[unit] ??
    7 * 86_400_000;
  const rest = (moment.microsecond % 1000) / 1000;
  return momentOf(momentToMillis(moment) + rest + count * millis);
}

export const monthNames: readonly string[] = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

export const dayNames: readonly string[] = [
  'Sunday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
];

/** Writes a moment by a MySQL format (`%Y-%m-%d %H:%i:%s`). */
export function formatMoment(moment: Moment, format: string): string {
  return format.replace(/%(.)/gs, (_, code: string) => formatPart(moment, code));
}

function ordinal(day: number): string {
  const tens = day % 100;
  const suffix = tens > 10 && tens < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][day % 10] ?? 'th');
  return `${day}${suffix}`;
}

function formatPart(moment: Moment, code: string): string {
  const twelve = moment.hour % 12 === 0 ? 12 : moment.hour % 12;
  const half = moment.hour < 12 ? 'AM' : 'PM';
  const parts: Readonly<Record<string, () => string>> = {
    a: () => (dayNames[weekday(moment)] ?? '').slice(0, 3),
    b: () => (monthNames[moment.month - 1] ?? '').slice(0, 3),
    c: () => String(moment.month),
    D: () => ordinal(moment.day),
    d: () => pad(moment.day),
    e: () => String(moment.day),
    f: () => pad(moment.microsecond, 6),
    H: () => pad(moment.hour),
    h: () => pad(twelve),
    I: () => pad(twelve),
    i: () => pad(moment.minute),
    j: () => pad(dayOfYear(moment), 3),
    k: () => String(moment.hour),
    l: () => String(twelve),
    M: () => monthNames[moment.month - 1] ?? '',
    m: () => pad(moment.month),
    p: () => half,
    r: () => `${pad(twelve)}:${pad(moment.minute)}:${pad(moment.second)} ${half}`,
    S: () => pad(moment.second),
    s: () => pad(moment.second),
    T: () => timeOf(moment),
    U: () => pad(weekOf(moment, 0).week),
    u: () => pad(weekOf(moment, 1).week),
    V: () => pad(weekOf(moment, 2).week),
    v: () => pad(weekOf(moment, 3).week),
    W: () => dayNames[weekday(moment)] ?? '',
    w: () => String(weekday(moment)),
    X: () => pad(weekOf(moment, 2).year, 4),
    x: () => pad(weekOf(moment, 3).year, 4),
    Y: () => pad(moment.year, 4),
    y: () => pad(moment.year % 100),
  };
  return parts[code]?.() ?? code;
}
