import { describe, expect } from '@jest/globals';
import { formatTime } from '../../src/cache/cacheMap.js';
import { ArgumentError } from '../../src/errors.js';
import { formatIso, fromEpochMs, parseIsoDate, toEpochMs } from '../../src/values/dates.js';
import { parseDouble } from '../../src/values/doubles.js';
import {
  isAccidentalDate,
  numberOf,
  outcomeOf,
  readVectors,
  tagOf,
  testEach,
} from './readVectors.js';

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
  return hasOffset($datetime) ? instant($datetime) : $datetime;
}

const hasOffset = (text: string): boolean =>
  /[T ].*(Z|[+-]\d\d(:?\d\d(:?\d\d(\.\d+)?)?)?)$/.test(text);

/** The instant of a date as Python writes it, whose offset can have seconds; without an offset it is in UTC. */
function instant(text: string): Date {
  const [, wall = text, sign = '+', hours = 0, minutes = 0, seconds = 0] =
    /^(.*T.*?)(?:([+-])(\d\d)(?::?(\d\d)(?::?([\d.]+))?)?)?$/.exec(text.replace(/Z$/, '')) ?? [];
  const offset = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  const ahead = (sign === '-' ? -1000 : 1000) * offset;
  return new Date(new Date(`${wall.replace(/(\.\d{3})\d*/, '$1')}Z`).getTime() - ahead);
}

/** A recorded date as an instant; one without an offset is in UTC, as the recorder ran there. */
function instantOf(value: unknown): unknown {
  const { $datetime } = tagOf(value) ?? {};
  if ($datetime === undefined) return numberOf(tagOf(value) ?? {}) ?? value;
  return instant($datetime);
}

const helpers: Record<string, (timeZone: string, ...args: never[]) => unknown> = {
  to_unix_epoch_time: (timeZone, date: Date | string) => toEpochMs(date, { timeZone }),
  to_unix_epoch_time_secs: (timeZone, date: Date | string) => toEpochMs(date, { timeZone }) / 1000,
  from_unix_epoch_time: (_, ms: number | string) => fromEpochMs(ms),
  from_unix_epoch_time_secs: (_, seconds: number | string) =>
    fromEpochMs(Number(typeof seconds === 'string' ? parseDouble(seconds.trim()) : seconds) * 1000),
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
  epoch_time_to_iso: (_, seconds: number | bigint | null) =>
    seconds === null ? null : formatTime(Number(seconds)),
  iso_time_to_epoch: (timeZone, text: string | null) =>
    text === null ? null : toEpochMs(text, { timeZone }) / 1000,
};

/** Minutes that a zone is ahead of UTC at an instant. */
function offsetAt(timeZone: string, instant: Date): number {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  const name = format.formatToParts(instant).find(({ type }) => type === 'timeZoneName')?.value;
  const [, sign = '+', hours = 0, minutes = 0, seconds = 0] =
    /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(name ?? '') ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes) + Number(seconds) / 60);
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
const cut = (value: unknown): Date => instant(textOf(value).replace(' ', 'T'));

const midnight = (date: unknown): string => `${tagOf(date)?.$date ?? ''}T00:00:00`;

const departures: Departure[] = [
  {
    reason:
      'a date without an offset has the offset in force at that date, not the one in force now',
    applies: ({ tz, args: [date] }) =>
      tz !== undefined && !hasOffset(textOf(date)) && !isAccidentalDate(textOf(date)),
    value: ({ fn, tz = 'UTC', args: [date] }) => {
      const wall = cut(tagOf(date)?.$date === undefined ? date : midnight(date)).getTime();
      const near = wall - offsetAt(tz, new Date(wall)) * 60_000;
      const at = wall - offsetAt(tz, new Date(near)) * 60_000;
      return fn.endsWith('_secs') ? at / 1000 : at;
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
    reason: 'a number in a text has the digits 0 to 9, without anything between them',
    applies: ({ fn, args: [value] }) =>
      fn.startsWith('from_unix') && typeof value === 'string' && /_|[^\0-\x7f]/.test(value),
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
      fn === 'datetime_to_iso' && hasOffset(textOf(args[0])) && !/\+00:00$/.test(textOf(args[0])),
    value: ({ args: [date, separator = 'T', zero = true] }) => {
      const iso = instant(textOf(date)).toISOString().replace('T', String(separator));
      return zero === true ? iso : iso.replace('.000Z', 'Z');
    },
  },
  {
    reason: 'one reader for all dates, which takes every form that `datetime_or_none` takes',
    applies: ({ fn, args: [text] }, expected) =>
      fn.startsWith('iso_') && typeof text === 'string' && expected === undefined,
    value: ({ fn, args: [text] }) => {
      const date = parseIsoDate(String(text), { timeZone: 'UTC' });
      if (date === undefined) throw new ArgumentError('no date');
      return fn === 'iso_to_datetime' ? date : date.getTime() / 1000;
    },
  },
  {
    reason: 'the same, cut to milliseconds',
    applies: ({ fn, args: [text] }) => fn.startsWith('iso_') && finerThanMs(text),
    value: ({ fn, args: [text] }) =>
      fn === 'iso_to_datetime' ? cut(text) : cut(text).getTime() / 1000,
  },
  {
    reason:
      'digits alone are no time; neither are fractions of an hour or a minute, a dangling colon or point, or something before the offset',
    applies: ({ fn, args }) => fn === 'datetime_or_none' && isAccidentalDate(textOf(args[0])),
    value: () => null,
  },
  {
    reason: 'the same, where it must be a date',
    applies: ({ fn, args }) => fn === 'to_unix_epoch_time' && isAccidentalDate(String(args[0])),
  },
  {
    reason: 'the same reader wants two digits for each number',
    applies: ({ fn, args }) => fn.startsWith('iso_') && /[-T:]\d(?!\d)/.test(textOf(args[0])),
  },
];

describe('dates', () => {
  testEach(readVectors<Input>('datetime'), async ({ input, expected }) => {
    const run = helpers[input.fn];
    if (run === undefined) throw new Error(`unknown function ${input.fn}`);
    const args = input.args.map(dateOf) as never[];
    const got = await outcomeOf(() => run(input.tz ?? 'UTC', ...args));
    const departure = departures.find(({ applies }) => applies(input, expected.value));
    const wanted = await outcomeOf(() => {
      if (departure?.value !== undefined) return departure.value(input, expected.value);
      if (departure !== undefined || expected.error) throw new ArgumentError('refused');
      return instantOf(expected.value);
    });
    if (wanted.error) expect(got.error).toEqual(expect.any(ArgumentError));
    else expect(got).toEqual(wanted);
  });
});
