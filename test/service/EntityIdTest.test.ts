import { beforeAll, describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { TableSession } from '../server/tableSession.js';
import { SqlTable } from './sqlTable.js';

const server = withSessions();
let table: SqlTable;

beforeAll(async () => {
  table = await SqlTable.create(new TableSession(server.alice));
});

describe('EntityIdTest', () => {
  test.each([
    [
      'testEntityIdLowerCase: an id in small letters stays',
      'select syn11 from $',
      'Unknown column syn11',
    ],
    [
      'testEntityIdUpperCase: an id in capitals becomes small',
      'select SYN11 from $',
      'Unknown column syn11',
    ],
    [
      'testEntityIdMixedCase: an id in both becomes small',
      'select SyN11 from $',
      'Unknown column syn11',
    ],
    ['testEntityIdNoDigits: an id has digits', 'select name from syn', 'Invalid Entity ID: syn'],
    [
      'testIdAndVersionNoSyn: an id begins with syn',
      'select name from 123.456',
      'Encountered " <exact_numeric_literal> "123.456 ""',
    ],
  ])('%s', async (_, given, expected) => {
    expect(await table.refusal(given)).toContain(expected);
  });

  test('testEntityIdWithVersion: an id may have a version', async () => {
    const kept = await SqlTable.create(table.session);
    await table.session.change(kept.id, [], { createSnapshot: true });
    expect(await kept.printed('select name from $.1')).toBe('SELECT name FROM $.1');
  });
});
