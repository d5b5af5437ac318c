import { beforeAll, describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { TableSession } from '../server/tableSession.js';
import { SqlTable } from './sqlTable.js';

const server = withSessions();
let table: SqlTable;

beforeAll(async () => {
  table = await SqlTable.create(new TableSession(server.alice));
});

describe('ValueExpressionTest', () => {
  test.each([
    [
      'testGetDisplayNameFunction: a function is named by its SQL',
      'min(age)',
      ['MIN(age): INTEGER'],
    ],
    [
      'testGetDisplayNameFunctionQuotes: quotes within a function stay',
      'count("two words")',
      ['COUNT("two words"): INTEGER'],
    ],
    [
      'testGetDisplayNameQuotes: a quoted column is named without quotes',
      '"name"',
      ['name: STRING'],
    ],
    ['testGetDisplayNameNoQuotes: a column is named by itself', 'notes', ['notes: LARGETEXT']],
    ['testGetDisplayNameDouble: a number is named by its value', '1.23', ['1.23: DOUBLE']],
    [
      'testGetDisplayNameWithSpace: a name with a space has no quotes',
      '"two words"',
      ['two words: STRING'],
    ],
    [
      'testGetDisplayNameWithFunction: a function of dates is named by its SQL',
      'date(born)',
      ['DATE(born): STRING'],
    ],
    [
      'testGetDisplayNameWithAggregateAndNoQuotes: a count is named by its SQL',
      'count(name)',
      ['COUNT(name): INTEGER'],
    ],
    [
      'testGetDisplayNameWithAggregateAndQuotes: a count of a quoted column keeps the quotes',
      'count("name")',
      ['COUNT("name"): INTEGER'],
    ],
    [
      'testGetDisplayNameWithAggregateAndWrappedEscapedQuotes: a count keeps doubled quotes',
      'count("say ""hi""")',
      ['COUNT("say ""hi"""): INTEGER'],
    ],
    [
      'testGetDisplayNameWithArithmetic: an operator that is a word has spaces',
      '5 div 2',
      ['5 DIV 2: DOUBLE'],
    ],
    [
      'testGetDisplayNameWithArithmeticColumn: an operator has no spaces',
      '5 + age',
      ['5+age: INTEGER'],
    ],
    ['testArithmetic: a quotient of constants', '100/1', ['100/1: DOUBLE']],
    [
      'testGetDisplayNameDoubleQuote: doubled quotes become one',
      '"say ""hi"""',
      ['say "hi": STRING'],
    ],
    [
      'testGetDisplayNameStringLiteral: a text is named by itself',
      "'Some text'",
      ['Some text: STRING'],
    ],
    ['testGetDisplayNameEmptySingleValue: an empty text has an empty name', "''", [': STRING']],
    [
      'testGetDisplayNameSingleQuote: an alias may hold a single quote',
      'name as "single\'quote"',
      ["single'quote: STRING"],
    ],
    [
      'testGetDisplayNameBacktick: an alias may hold a backtick',
      'name as "back`tick"',
      ['back`tick: STRING'],
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.headers(`select ${given} from $`)).toEqual(expected);
  });

  test.each([
    ['testGetDisplayNameEmpty: an empty name is no column', 'select "" from $', 'Unknown column'],
    [
      'testEntityId: an id is a name of a column',
      'select syn11.22 from $',
      'Unknown column syn11.22',
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.refusal(given)).toContain(expected);
  });
});
