import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runSynapse, type Ended } from './runSynapse.js';

/** Colors, a title, the 8-bit control sequence, line breaks, direction, invisible and tag characters. */
const hostile =
  'a\u001b[31m\u001b]0;x\u0007\u009b2J\r\n\u007f\u202e\u2066\u200b\u200f\ufeff\u2028\u{e0041}b';
const obeyed =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e0fff}]/u;
const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJDQU5BUlkifQ.Q0FOQVJZ';

/** The name of everything, and the reason of all refusals. */
let said = hostile;
/** Whether the server refuses all requests. */
let refuses = false;

const folder = 'org.sagebionetworks.repo.model.Folder';
const activity = 'org.sagebionetworks.repo.model.provenance';

/** Responses by the end of their paths. */
const responses: Readonly<Record<string, () => object>> = {
  '/children': () => ({
    page: [
      {
        id: 'syn2',
        name: said,
        type: 'org.sagebionetworks.repo.model.FileEntity',
        versionNumber: 1,
        createdBy: '7',
        modifiedBy: '7',
        createdOn: said,
        modifiedOn: said,
      },
    ],
  }),
  '/bundle2': () => ({
    entity: {
      ...{ id: 'syn1', name: said, description: said, etag: said, concreteType: folder },
      createdBy: said,
    },
    annotations: {
      id: 'syn1',
      etag: 'e',
      annotations: { [said]: { type: 'STRING', value: [said] } },
    },
    activity: {
      id: '3',
      name: said,
      used: [
        { concreteType: `${activity}.UsedURL`, name: said, url: said, wasExecuted: false },
        { concreteType: `${activity}.UsedURL`, name: said, url: said, wasExecuted: true },
      ],
    },
  }),
  '/annotations2': () => ({
    id: 'syn1',
    etag: 'e',
    annotations: { [said]: { type: 'STRING', value: [said] } },
  }),
  '/version': () => ({ results: [{ id: 'syn2', versionNumber: 1, contentSize: said }] }),
  '/userGroupHeaders/batch': () => ({ children: [{ ownerId: '7', userName: said }] }),
  '/entity/syn1': () => ({ id: 'syn1', name: said, concreteType: folder, etag: 'e' }),
};

const server = createServer((request, response) => {
  request.resume();
  const path = (request.url ?? '').split('?', 1)[0] ?? '';
  const found = Object.entries(responses).find(([end]) => path.endsWith(end));
  const body = refuses || found === undefined ? { reason: said } : found[1]();
  response.writeHead('reason' in body ? 400 : 200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
});
let home: string;
let env: Record<string, string>;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'synapse-foreign-'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  env = { SYNAPSE_ENDPOINT: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(home, { recursive: true, force: true });
});

async function synapse(
  args: string,
  given: { text?: string; refusal?: boolean } = {},
): Promise<Ended> {
  said = given.text ?? hostile;
  refuses = given.refusal ?? false;
  return runSynapse(args.split(' '), { home, env });
}

describe('nothing that a terminal obeys or hides reaches a pipe', () => {
  test.each([
    'list syn1',
    'list syn1 --long --modified',
    'list syn1 --json',
    'show syn1',
    'show syn1 --json',
    'get-annotations --id syn1',
    'api entity.getEntity --id syn1',
  ])('%s', async (args) => {
    const { status, stdout, stderr } = await synapse(args);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).not.toMatch(obeyed);
    expect(stdout).toContain('[31m');
  });

  test.each(['show syn1', 'list syn1', 'get syn1', 'list syn1 --json', 'show syn1 --debug'])(
    'the refusal of %s',
    async (args) => {
      const { stdout, stderr } = await synapse(args, { refusal: true });
      expect(stdout).toBe('');
      expect(stderr).toContain('[31m');
      expect(stderr).not.toMatch(obeyed);
    },
  );

  test('get of something that is no file', async () => {
    const { stderr } = await synapse('get syn1');
    expect(stderr).toContain('syn1');
    expect(stderr).not.toMatch(obeyed);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  test('a name with line breaks stays on its line', async () => {
    const { stdout } = await synapse('list syn1', { text: 'a\nsyn9  forged' });
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    const shown = await synapse('show syn1', { text: 'a\nsyn9  forged' });
    expect(shown.stdout).not.toMatch(/^syn9/m);
  });
});

test('JSON escapes the characters, and its values are the same', async () => {
  const listed = await synapse('list syn1 --json');
  expect(JSON.parse(listed.stdout)).toMatchObject([{ id: 'syn2', name: hostile }]);
  const annotations = await synapse('get-annotations --id syn1');
  expect(JSON.parse(annotations.stdout)).toEqual({ [hostile]: [hostile] });
});

describe('a name of a megabyte', () => {
  const text = 'x'.repeat(1_000_000);

  test.each(['list syn1', 'show syn1', 'list syn1 --long'])(
    'is shortened beside its id: %s',
    async (args) => {
      const { stdout } = await synapse(args, { text });
      const named = stdout.split('\n').filter((line) => /syn[12]\b/.test(line));
      expect(named[0]).toContain('…');
      for (const line of stdout.split('\n')) expect(line.length).toBeLessThan(11_000);
      expect(named[0]?.length).toBeLessThan(500);
    },
  );

  test('is shortened in errors', async () => {
    const ended = await Promise.all([
      synapse('show syn1', { text, refusal: true }),
      synapse('get syn1', { text, refusal: true }),
    ]);
    for (const { stderr } of ended) expect(stderr.length).toBeLessThan(2000);
  });

  test('is whole in JSON', async () => {
    const { stdout } = await synapse('list syn1 --json', { text });
    expect(JSON.parse(stdout)).toMatchObject([{ name: text }]);
  });
});

describe('secrets that a server echoes are masked', () => {
  const echoes = [
    `no ${jwt}`,
    '/k?X-Amz-Signature=CANARY',
    'Authorization: Bearer CANARY',
    'http://user:CANARY@h/',
  ];
  test.each(['show syn1', 'show syn1 --json', 'show syn1 --debug', 'get syn1', 'list syn1'])(
    'by %s',
    async (args) => {
      const { stdout, stderr } = await synapse(args, { text: echoes.join(' | '), refusal: true });
      expect(stdout).toBe('');
      expect(stderr).toContain('***');
      expect(stderr).not.toMatch(/CANARY|DQU5BUlk|Q0FOQVJZ/);
    },
  );

  test('and those that were typed by mistake', async () => {
    const { stderr } = await runSynapse([jwt], { home, env });
    expect(stderr).toContain('There is no command');
    expect(stderr).not.toMatch(/eyJ/);
  });

  test('but not in results', async () => {
    const { stdout } = await synapse('show syn1', { text: jwt });
    expect(stdout).toContain(jwt);
  });
});

test('an error has no stack trace without --debug', async () => {
  const plain = await synapse('show syn1', { refusal: true });
  expect(plain.stderr).not.toMatch(/^\s+at /m);
  const detailed = await synapse('show syn1 --debug', { refusal: true });
  expect(detailed.stderr).toMatch(/^\s+at /m);
});

test('only the functions that make text safe write to stdout and stderr', () => {
  const root = join(import.meta.dirname, '../../src/cli');
  const writers = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (name) =>
      name.endsWith('.ts') &&
      /(stdout|stderr|stream)\.write\(|console\./i.test(readFileSync(join(root, name), 'utf8')),
  );
  expect(writers.sort()).toEqual([
    // A text answer is written unchanged when stdout is not a terminal.
    'commands/api.ts',
    // Only values that a shell can be given.
    'completion/complete.ts',
    // The definitions of commands, and the version: texts of this package.
    'help/showHelp.ts',
    'main.ts',
    // What `ResultOutput` has made safe.
    'output/writeOut.ts',
    'printEvent.ts',
    'printJson.ts',
    'printNote.ts',
    // Lines of the progress, of which it makes the names safe.
    'progressView.ts',
  ]);
});
