import { beforeAll, describe, expect, test } from '@jest/globals';
import { Project } from '../../../src/index.js';
import { withCommands } from '../withCommands.js';

const cli = withCommands();
let projectId: string;

beforeAll(async () => {
  projectId = (await cli.syn.store(new Project({ name: 'Colors' }))).id;
});

/** Begins all codes that a terminal obeys. */
const escape = '\u001b';

describe('output that is no terminal has no codes of terminals', () => {
  test.each([
    ['FORCE_COLOR', { FORCE_COLOR: '1' }],
    ['CLICOLOR_FORCE', { CLICOLOR_FORCE: '1' }],
    ['NO_COLOR', { NO_COLOR: '1' }],
    ['TERM=dumb', { TERM: 'dumb' }],
    ['a terminal with colors', { TERM: 'xterm-256color', COLORTERM: 'truecolor', CI: '' }],
  ])('with %s', async (_name, environment) => {
    const { endpoint, authToken } = cli.server;
    const env = { SYNAPSE_ENDPOINT: endpoint, SYNAPSE_AUTH_TOKEN: authToken, ...environment };
    const lines = [
      ['--help'],
      ['get', '--help'],
      ['--version'],
      ['list', projectId, '--long'],
      ['tree', projectId],
      ['show', projectId, '--json'],
      ['show', projectId, '--jq', '.'],
      ['list', '--ndjson'],
      ['show', 'syn999999999', '--debug'],
      ['nonsense'],
    ];
    for (const args of lines) {
      const { stdout, stderr } = await cli.run(args, { env });
      expect([args, `${stdout}${stderr}`.includes(escape)]).toEqual([args, false]);
    }
  });
});
