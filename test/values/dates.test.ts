import { describe, expect, test } from '@jest/globals';
import { ArgumentError } from '../../src/errors.js';
import { formatIso, fromEpochMs, parseIsoDate, toEpochMs } from '../../src/values/dates.js';

const utc = { timeZone: 'UTC' };
const read = (text: string): string | undefined => parseIsoDate(text, utc)?.toISOString();

describe('an ISO date', () => {
  test('may have an offset down to the second', () => {
    expect(read('1880-01-01T00:00:00-00:25:21')).toBe('1880-01-01T00:25:21.000Z');
    expect(read('2019-01-01T00:00:00+05:30:15.5')).toBe('2018-12-31T18:29:44.500Z');
    expect(parseIsoDate('2019-01-01Z', { timeZone: 'Asia/Kolkata' })?.toISOString()).toBe(
      '2019-01-01T00:00:00.000Z',
    );
  });

  test('has any one character but a digit or a Z between day and time', () => {
    expect(read('2019-01-01😀10:00')).toBe('2019-01-01T10:00:00.000Z');
    expect(read('2019-01-01Z10:00')).toBeUndefined();
    expect(read('2019-01-01110:00')).toBeUndefined();
  });

  test('exists in the calendar', () => {
    for (const text of ['2019-02-30', '2019-01-01T24:00', '2019-W53', '2019-01-01T10:30:15 +05:00'])
      expect(read(text)).toBeUndefined();
  });

  test('is exact where clocks are behind the beginning of the calendar', () => {
    const ms = toEpochMs('0001-01-01', { timeZone: 'America/New_York' });
    expect(ms - toEpochMs('0001-01-01', utc)).toBe(((4 * 60 + 56) * 60 + 2) * 1000);
  });
});

test('a time in milliseconds lies within the years 1 to 9999', () => {
  expect(formatIso(fromEpochMs('253402300799999'))).toBe('9999-12-31T23:59:59.999Z');
  for (const ms of ['253402300800000', '-62135596800001', 'NaN', ''])
    expect(() => fromEpochMs(ms)).toThrow(ArgumentError);
});
