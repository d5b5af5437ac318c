import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { startLocalSynapse } from '../../src/server/index.js';
import { commandDefinitions } from './commandDefinitions.js';
import { hasTerminals, onTerminal } from './onTerminal.js';
import { withCommands } from './withCommands.js';

const commands = withCommands();

/** A command line of each command that destroys what cannot be brought back. */
const asking: Readonly<Record<string, readonly string[]>> = {
  'access:reset': ['syn123'],
  'cache:prune': ['--max-size', '1'],
  'download-list:clear': [],
  'evaluation:delete': ['Round 1'],
  'local:reset': ['--data', 'local-data'],
  migrate: ['syn123', '5', 'migration.db'],
  'storage:reset': ['syn123'],
  'table:delete-rows': ['syn123', '--row', '1'],
  'table:schema': ['syn123', '--drop', 'notes'],
  'team:delete': ['Mouse lab'],
  'team:leave': ['Mouse lab'],
  'team:remove': ['Mouse lab', 'bob'],
  'wiki:delete': ['syn123', '--page', '4'],
};

/** Commands that ask only with some flags, after they looked for what would be lost. Their own tests cover them. */
const askingLater = ['wiki:import'];

/** Commands whose names sound like that, and why they do not ask. */
const notAsking: Readonly<Record<string, string>> = {
  delete: 'as in the Python client; what it deletes is in the trash can for 30 days',
  'download-list:remove': 'the files can be added again',
  'favorite:remove': 'it can be added again',
  'message:archive': 'the message stays, and is listed with --archived',
  'access:revoke': 'the access can be granted again',
  restore: 'changed local files are only replaced with --overwrite-changes',
  'version:restore': 'makes a new version, and keeps the others',
  'wiki:restore': 'makes a new version, and keeps the others',
};

const destructive =
  /delete|remove|reset|clear|prune|purge|leave|revoke|archive|restore|drop|erase|empty/;

beforeAll(async () => {
  const data = join(commands.home, 'local-data');
  const local = await startLocalSynapse({ dataDir: data, onWarning: () => undefined });
  await local.close();
  const cached = join(commands.home, '.synapseCache', '5', '5');
  await mkdir(cached, { recursive: true });
  await writeFile(join(cached, 'data.txt'), 'some data');
});

test('every command that takes --yes, or is named like one that should, is in a table', () => {
  const definitions = Object.entries(commandDefinitions());
  const named = definitions
    .filter(
      ([id, { flags }]) =>
        destructive.test(id) ||
        Object.entries(flags).some(([name, { aliases = [] }]) =>
          [name, ...aliases].includes('yes'),
        ),
    )
    .map(([id]) => id);
  expect(named.sort()).toEqual(
    [...Object.keys(asking), ...askingLater, ...Object.keys(notAsking)].sort(),
  );
});

describe.each(Object.entries(asking))('%s', (id, args) => {
  const words = id.split(':');

  test.each([[[]], [['--json']]])(
    'without a terminal ends with 2, names --yes and does nothing %j',
    async (more) => {
      const before = commands.server.requests.total;
      const { status, stdout, stderr } = await commands.run([...words, ...args, ...more]);
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
      expect(stderr).toContain('--yes');
      expect(commands.server.requests.total).toBe(before);
    },
  );
});

(hasTerminals ? describe : describe.skip)('on a terminal', () => {
  test('no is the default answer, and nothing is done', async () => {
    const args = ['cache', 'prune', '--max-size', '1'];
    const options = { home: commands.home };
    const question = 'Remove 9 B in 1 folder';
    const no = await onTerminal(args, [[question, '']], options);
    expect(no.screen).toContain('Removed nothing');
    const yes = await onTerminal(args, [[question, 'y']], options);
    expect(yes.screen).toContain('Removed 9 B in 1 folder');
    expect([no.status, yes.status]).toEqual([0, 0]);
  });
});
