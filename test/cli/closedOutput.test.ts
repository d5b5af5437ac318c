import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { withServer } from '../helpers/withServer.js';
import { runSynapse } from './runSynapse.js';

const server = withServer();
let home: string;
let env: Record<string, string>;
let projectId: string;
let fileId: string;
let tableId: string;

const bin = join(import.meta.dirname, '../../bin/run.js');

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'synapse-closed-'));
  const { endpoint, authToken } = server.synapse;
  env = { SYNAPSE_ENDPOINT: endpoint, SYNAPSE_AUTH_TOKEN: authToken };
  const idOf = async (args: string[]): Promise<string> => {
    const { stdout } = await runSynapse([...args, '--json'], { home, env });
    return (JSON.parse(stdout) as { id: string }).id;
  };
  projectId = await idOf(['create', 'Project', '--name', 'Closed']);
  await writeFile(join(home, 'big.bin'), Buffer.alloc(3_000_000, 'line\n'));
  fileId = await idOf(['store', 'big.bin', '--parent-id', projectId]);
  const rows = Array.from({ length: 5000 }, (_, index) => `${index},row ${index}`);
  await writeFile(join(home, 'rows.csv'), `n,name\n${rows.join('\n')}\n`);
  const store = ['store-table', '--name', 'rows', '--parentid', projectId, '--csv', 'rows.csv'];
  tableId = (await runSynapse([...store, '--jq', '.tableId'], { home, env })).stdout.trim();
});
afterAll(() => rm(home, { recursive: true, force: true }));

/** Runs the command with each of the endings, which are written in the language of the shell. */
async function statuses(
  args: string,
  endings: readonly string[],
): Promise<{ status: number; stderr: string }[]> {
  const ended: { status: number; stderr: string }[] = [];
  for (const ending of endings) {
    const script = `set -o pipefail; '${process.execPath}' '${bin}' ${args} ${ending}`;
    const child = spawn('bash', ['-c', script], {
      cwd: home,
      env: { PATH: process.env['PATH'], HOME: home, CI: 'true', ...env },
    });
    child.stdin.end();
    child.stdout.resume();
    const [stderr, [status]] = await Promise.all([
      text(child.stderr),
      once(child, 'close') as Promise<[number]>,
    ]);
    ended.push({ status, stderr });
  }
  return ended;
}

/** One command for each way in which text is printed. */
const commands = (): Record<string, string> => ({
  'lines of text': `list ${projectId}`,
  'JSON at the end': `list ${projectId} --json`,
  'one text': `show ${projectId}`,
  'lines of JSON': `list ${projectId} --ndjson`,
  'fields of JSON': `list ${projectId} --fields id,name`,
  'results of jq': `list ${projectId} --jq '.[].id'`,
  'results of jq for each item': `list ${projectId} --ndjson --jq .id`,
  'rows of a query': `query 'select * from ${tableId}'`,
  'rows of a query as JSON': `query 'select * from ${tableId}' --json`,
  'rows of a query as lines of JSON': `query 'select * from ${tableId}' --ndjson`,
  'rows of a query through jq': `query 'select * from ${tableId}' --ndjson --jq .name`,
  'requests and a result': `list ${projectId} --debug`,
  'bytes of a file': `cat ${fileId}`,
  'bytes of a file by get': `get ${fileId} -`,
  'the response of a call': `api entity.getEntity --id ${projectId}`,
  'events of a transfer': `get ${fileId} --json --if-collision overwrite.local`,
  help: '--help',
  'help of a command': 'get --help',
  'the version': '--version',
  'a usage error': 'nonsense',
  'an error of the server': 'list syn999999999',
  'an error as JSON': 'show syn999999999 --json',
});
const names = Object.keys(commands());

const failing: Readonly<Record<string, number>> = {
  'a usage error': 2,
  'an error of the server': 4,
  'an error as JSON': 4,
};

describe('a reader that has ended is no error', () => {
  test.each(names)('%s', async (name) => {
    const expected = failing[name] ?? 0;
    const ended = await statuses(commands()[name] ?? '', ['| true', '| head -1', '2>&1 | true']);
    expect(ended.map(({ status }) => status)).toEqual([expected, expected, expected]);
    for (const { stderr } of ended) expect(stderr).not.toMatch(/^\s+at |EPIPE|Unhandled/m);
  });
});

describe('closed streams', () => {
  test.each(names)('%s', async (name) => {
    const expected = failing[name] ?? 0;
    const ended = await statuses(commands()[name] ?? '', ['>&-', '2>&-', '>&- 2>&-']);
    expect(ended.map(({ status }) => status)).toEqual([expected, expected, expected]);
  });
});

(existsSync('/dev/full') ? describe : describe.skip)('a full disk', () => {
  test.each(names.filter((name) => failing[name] === undefined))(
    'is said in one line: %s',
    async (name) => {
      const args = commands()[name] ?? '';
      const [full] = await statuses(args, ['>/dev/full']);
      expect(full?.status).toBe(1);
      const said = full?.stderr.split('\n').filter((line) => line.includes('standard output'));
      expect(said).toEqual([expect.stringContaining('the disk is full.')]);
      expect(full?.stderr).not.toMatch(/^\s+at |ENOSPC/m);
    },
  );

  test('of stderr changes no exit status', async () => {
    const args = [`list ${projectId}`, 'nonsense', `get ${fileId} --if-collision overwrite.local`];
    const ended = await Promise.all(args.map((line) => statuses(line, ['2>/dev/full'])));
    expect(ended.flat().map(({ status }) => status)).toEqual([0, 2, 0]);
  });
});
