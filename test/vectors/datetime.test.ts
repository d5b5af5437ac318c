import { describe, expect } from '@jest/globals';
import { formatTime } from '../../src/cache/cacheMap.js';
import { ArgumentError } from '../../src/errors.js';
import { formatIso, fromEpochMs, parseIsoDate, toEpochMs } from '../../src/values/dates.js';
import { numberOf, outcomeOf, readVectors, tagOf, testEach } from './readVectors.js';

interface Input {
  fn: string;
  args: unknown[];
  tz?: string;
  now?: { $datetime: string };
}

/** A date of Python: an instant where it has an offset, else its text, for the reader of dates. */
function dateOf(value: unknown): unknown {
  const { $datetime, $date } = tagOf(value) ?? {};
  if ($date !== undefined) return $date;
  if ($datetime === undefined) return numberOf(tagOf(value) ?? {}) ?? value;
  return hasOffset($datetime) ? new Date($datetime) : $datetime;
}

const hasOffset = (text: string): boolean => /(Z|[+-]\d\d:\d\d)$/.test(text);

/** A recorded date as an instant; one without an offset is in UTC, as the recorder ran there. */
function instantOf(value: unknown): unknown {
  const { $datetime } = tagOf(value) ?? {};
  if ($datetime === undefined) return numberOf(tagOf(value) ?? {}) ?? value;
  return new Date(hasOffset($datetime) ? $datetime : `${$datetime}Z`);
}

const helpers: Record<string, (timeZone: string, ...args: never[]) => unknown> = {
  to_unix_epoch_time: (timeZone, date: Date | string) => toEpochMs(date, { timeZone }),
  to_unix_epoch_time_secs: (timeZone, date: Date | string) => toEpochMs(date, { timeZone }) / 1000,
  from_unix_epoch_time: (_, ms: number | string) => fromEpochMs(ms),
  from_unix_epoch_time_secs: (_, seconds: number | string) => fromEpochMs(Number(seconds) * 1000),
  datetime_to_iso: (
    timeZone,
    date: Date | string,
    separator?: string,
    zeroMilliseconds?: boolean,
  ) =>
    formatIso(new Date(toEpochMs(date, { timeZone })), {
      ...(separator !== undefined && { separator }),
      ...(zeroMilliseconds !== undefined && { zeroMilliseconds }),
    }),
  iso_to_datetime: (timeZone, text: string) => new Date(toEpochMs(text, { timeZone })),
  datetime_or_none: (timeZone, value: unknown) =>
    (typeof value === 'string' && parseIsoDate(value, { timeZone })) || null,
  epoch_time_to_iso: (_, seconds: number | null) => (seconds === null ? null : formatTime(seconds)),
  iso_time_to_epoch: (timeZone, text: string | null) =>
    text && toEpochMs(text, { timeZone }) / 1000,
};

/** Minutes that a zone is ahead of UTC at an instant. */
function offsetAt(timeZone: string, instant: Date): number {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  const name = format.formatToParts(instant).find(({ type }) => type === 'timeZoneName')?.value;
  const [, sign = '+', hours = 0, minutes = 0] = /GMT([+-])(\d\d):(\d\d)/.exec(name ?? '') ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

/** A departure from the Python client: which inputs, and what happens instead. */
interface Departure {
  reason: string;
  applies: (input: Input, expected: unknown) => boolean;
  /** The value instead; an {@link ArgumentError} where it is absent. */
  value?: (input: Input, expected: unknown) => unknown;
}

const textOf = (value: unknown): string =>
  tagOf(value)?.$datetime ?? (typeof value === 'string' ? value : '');
const numericOf = (value: unknown): number => Number(numberOf(tagOf(value) ?? {}) ?? value);
const finerThanMs = (value: unknown): boolean => /\.\d{3}\d*[1-9]/.test(textOf(value));
const cut = (value: unknown): Date =>
  new Date(
    textOf(value)
      .replace(' ', 'T')
      .replace(/(\.\d{3})\d*/, '$1')
      .replace(/(T[\d:.]+)$/, '$1Z'),
  );

const departures: Departure[] = [
  {
    reason:
      'a date without an offset has the offset in force at that date, not the one in force now',
    applies: ({ tz, now }) => tz !== undefined && now !== undefined,
    value: ({ fn, tz = 'UTC', now }, expected) => {
      const unit = fn.endsWith('_secs') ? 1000 : 1;
      const recorded = Math.floor(Math.round(numericOf(expected) * unit * 1000) / 1000);
      const atNow = offsetAt(tz, new Date(`${now?.$datetime ?? ''}Z`));
      return (recorded + (atNow - offsetAt(tz, new Date(recorded))) * 60_000) / unit;
    },
  },
  {
    reason: 'dates have milliseconds; digits below are cut, not rounded, wherever they come from',
    applies: ({ fn, args }) => /^(to_unix|datetime_to_iso)/.test(fn) && finerThanMs(args[0]),
    value: ({ fn, args: [date, separator = 'T', zero = true] }) => {
      if (fn !== 'datetime_to_iso') {
        return cut(date).getTime() / (fn === 'to_unix_epoch_time_secs' ? 1000 : 1);
      }
      const iso = cut(date).toISOString().replace('T', String(separator));
      return zero === true ? iso : iso.replace('.000Z', 'Z');
    },
  },
  {
    reason: 'the same cut, of numbers; and whole milliseconds are exact at any date',
    applies: ({ fn }, expected) => fn.startsWith('from_unix') && tagOf(expected) !== undefined,
    value: ({ fn, args: [value] }) => {
      const number = numericOf(value);
      return new Date(Math.floor(fn.endsWith('_secs') ? number * 1000 : number));
    },
  },
  {
    reason:
      'a date with an offset is written as the instant it is; Python drops the offset and writes Z',
    applies: ({ fn, args }) =>
      fn === 'datetime_to_iso' && /[+-](?!00:00)\d\d:\d\d$/.test(textOf(args[0])),
    value: ({ args: [date, separator = 'T', zero = true] }) => {
      const iso = new Date(textOf(date)).toISOString().replace('T', String(separator));
      return zero === true ? iso : iso.replace('.000Z', 'Z');
    },
  },
  {
    reason: 'one reader for all dates: milliseconds may be absent, a space may stand for the T',
    applies: ({ fn, args }) =>
      fn.startsWith('iso_') &&
      /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?)?(Z|[+-]\d\d:?\d\d)?$/.test(
        textOf(args[0]),
      ) &&
      !Number.isNaN(cut(args[0]).getTime()),
    value: ({ fn, args: [text] }) => {
      const date = cut(text);
      return fn === 'iso_to_datetime' ? date : date.getTime() / 1000;
    },
  },
  {
    reason:
      'digits alone are no time; so are a fraction of an hour, a dangling colon or point, a space before Z, which one release of Python takes',
    applies: ({ fn, args }) =>
      fn === 'datetime_or_none' &&
      /^(\d{4}-?\d\d-?\d\d|\d{4}-?W\d\d-?\d)\d|^.{8,10}\D\d\d[.,]\d|[:.,](Z|[+-]|$)| Z$/.test(
        textOf(args[0]),
      ),
    value: () => null,
  },
  {
    reason: 'the same reader wants two digits for each number',
    applies: ({ fn, args }) => fn.startsWith('iso_') && /[-T:]\d(?!\d)/.test(textOf(args[0])),
  },
];

describe('dates', () => {
  testEach(readVectors<Input>('datetime'), async ({ input, expected }) => {
    const run = helpers[input.fn];
    const args = input.args.map(dateOf) as never[];
    const got = await outcomeOf(() => run?.(input.tz ?? 'UTC', ...args));
    const departure = departures.find(({ applies }) => applies(input, expected.value));
    if (departure ? departure.value === undefined : expected.error) {
      expect(got.error).toEqual(expect.any(ArgumentError));
    } else {
      const value = departure?.value
        ? departure.value(input, expected.value)
        : instantOf(expected.value);
      expect(got).toEqual({ value });
    }
  });
});
