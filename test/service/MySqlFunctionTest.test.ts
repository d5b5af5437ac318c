import { beforeAll, describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { TableSession } from '../server/tableSession.js';
import { SqlTable } from './sqlTable.js';

const server = withSessions();
let table: SqlTable;

beforeAll(async () => {
  table = await SqlTable.create(new TableSession(server.alice));
});

describe('MySqlFunctionTest', () => {
  test.each([
    ['testNow: NOW needs parentheses', 'now()', 'NOW()'],
    [
      'testCurrentTimestampNoParameters: CURRENT_TIMESTAMP needs none',
      'current_timestamp',
      'CURRENT_TIMESTAMP',
    ],
    [
      'testCurrentTimestampWithParameters: CURRENT_TIMESTAMP may have digits',
      'current_timestamp(3)',
      'CURRENT_TIMESTAMP(3)',
    ],
    ['testCurrentDate: CURRENT_DATE needs no parentheses', 'current_date', 'CURRENT_DATE'],
    ['testCurrenTime: CURRENT_TIME needs no parentheses', 'current_time', 'CURRENT_TIME'],
  ])('%s', async (_, given, expected) => {
    expect(await table.printed(`select ${given} from $`)).toBe(`SELECT ${expected} FROM $`);
  });

  test.each([
    [
      'testUnixTimestamp: a time is a count of seconds',
      "unix_timestamp('2015-11-13 10:20:19')",
      '1447410019',
    ],
    [
      'testFromUnixTime: a count of seconds is a time',
      'from_unixtime(1111885200)',
      '2005-03-27 01:00:00',
    ],
    [
      'testFromUnixTimeMultipleParameters: a time may have a format',
      "from_unixtime(1111885200, '%Y %D %M %h:%i:%s %x')",
      '2005 27th March 01:00:00 2005',
    ],
    ['testConcat: texts are joined', "concat('a','b','c')", 'abc'],
    ['testCRC32: a text has a checksum', "CRC32('abc')", '891568578'],
    ['testReplace: a part of a text is replaced', "replace('abcb','b','x')", 'axcx'],
    ['testUpper: a text in capitals', "upper('ab')", 'AB'],
    ['testLower: a text in small letters', "lower('AB')", 'ab'],
    ['testTrim: spaces at the ends are removed', "trim(' AB ')", 'AB'],
    ['testMicrosecond: the microseconds of a time', "microsecond('12:00:00.123456')", '123456'],
    ['testSecond: the seconds of a time', "second('2001-02-03 12:34:56')", '56'],
    ['testMinute: the minutes of a time', "minute('2001-02-03 12:34:56')", '34'],
    ['testHour: the hours of a time', "hour('2001-02-03 12:34:56')", '12'],
    ['testDay: the day of a date', "day('2001-02-03')", '3'],
    ['testWeek: the week of a date', "week('2001-02-03')", '4'],
    ['testMonth: the month of a date', "month('2001-02-03')", '2'],
    ['testQuarter: the quarter of a date', "quarter('2001-08-03')", '3'],
    ['testYear: the year of a date', "year('2001-02-03')", '2001'],
    ['testYearWeek: the year and week of a date', "yearweek('2001-02-03')", '200104'],
    ['testDate: the date of a time', "date('2003-12-31 01:02:03')", '2003-12-31'],
    ['testDayName: the name of a day', "dayname('2007-02-03')", 'Saturday'],
    ['testDayOfMonth: the day of a month', "dayofmonth('2007-02-03')", '3'],
    ['testDayOfWeek: the day of a week', "dayofweek('2007-02-03')", '7'],
    ['testDayOfYear: the day of a year', "dayofyear('2007-02-03')", '34'],
    ['testMonthName: the name of a month', "monthname('2007-02-03')", 'February'],
    ['testWeekOfYear: the week of a year', "weekofyear('2007-02-03')", '5'],
    ['testRound: a number is rounded to digits', 'round(1.2345,2)', '1.23'],
    [
      'testJsonObject: an object is made of names and values',
      "JSON_OBJECT('foo', 2)",
      '{"foo": 2}',
    ],
    [
      'testJsonArray: an array is made of values',
      "JSON_ARRAY(1, 'foo', 'bar')",
      '[1, "foo", "bar"]',
    ],
    ['testJsonExtract: a part of a document is found', "JSON_EXTRACT(data, '$$.a')", '"text"'],
    ['testJsonOverlaps: two lists may share a value', "JSON_OVERLAPS(counts, '[1, 3]')", 'true'],
    ['testJsonSearch: a text is found in a list', "JSON_SEARCH(tags, 'one', 're%')", '"$[0]"'],
    ['testJsonQuote: a text is quoted', "JSON_QUOTE('one')", '"one"'],
    ['testJsonUnquote: a text is unquoted', 'JSON_UNQUOTE(\'"one"\')', 'one'],
  ])('%s', async (_, given, expected) => {
    expect(await table.column(`select ${given} from $ where name = 'bob'`)).toEqual([expected]);
  });
});
