import { expect, test } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Project } from '../../src/index.js';
import type { RunOptions } from './runSynapse.js';
import { withCommands } from './withCommands.js';

const commands = withCommands();

/** Runs a command as another user. */
function asUser(user: 'alice' | 'bob', options: Partial<RunOptions> = {}): Partial<RunOptions> {
  const { endpoint, users } = commands.server;
  return {
    env: { SYNAPSE_ENDPOINT: endpoint, SYNAPSE_AUTH_TOKEN: users[user].authToken },
    ...options,
  };
}

const idIn = (text: string): string => /: (\d+)/.exec(text)?.[1] ?? '';

test('a message is sent, listed, shown, answered and archived', async () => {
  const body = 'Ünïcödé 🧬\u001b[31m\n';
  await writeFile(join(commands.home, 'body.txt'), body);
  const sent = await commands.run(
    [
      'message',
      'send',
      '--to',
      'bob',
      '--to',
      'alice',
      '--subject',
      'Results',
      '--body-file',
      'body.txt',
    ],
    asUser('alice'),
  );
  expect(sent).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^Sent message: \d+\tResults\n$/),
  });
  const id = idIn(sent.stdout);

  const list = await commands.run(['message', 'list', '--unread'], asUser('bob'));
  expect(list.stdout).toMatch(/^ID +STATUS +FROM +SENT +SUBJECT\n/);
  expect(list.stdout).toMatch(new RegExp(`^${id} +UNREAD +alice +\\S+ +Results$`, 'm'));
  const outbox = await commands.run(['message', 'list', '--sent'], asUser('alice'));
  expect(outbox.stdout).toMatch(new RegExp(`^${id} +bob, alice +\\S+ +Results$`, 'm'));

  const shown = await commands.run(['message', 'show', id], asUser('bob'));
  expect(shown.stdout).toBe('Ünïcödé 🧬\\x1b[31m\n');
  expect(shown.stderr).toMatch(/^From alice, .*\nSubject: Results\n$/);
  const json = await commands.run(['message', 'show', id, '--json', '--mark-read'], asUser('bob'));
  expect(JSON.parse(json.stdout)).toMatchObject({ id, subject: 'Results', text: body });
  expect((await commands.run(['message', 'list', '--unread'], asUser('bob'))).stdout).toBe('');

  const reply = await commands.run(
    ['message', 'reply', id, '--body-file', '-'],
    asUser('bob', { input: 'Thanks' }),
  );
  expect(reply.stdout).toMatch(/^Sent message: \d+\tRe: Results\n$/);
  const archived = await commands.run(['message', 'archive', id], asUser('bob'));
  expect(archived.stdout).toBe(`Archived message: ${id}\n`);
  expect((await commands.run(['message', 'list', '--json'], asUser('bob'))).stdout).toBe('[]\n');
  const old = await commands.run(['message', 'list', '--archived', '--json'], asUser('bob'));
  expect(JSON.parse(old.stdout)).toMatchObject([{ id, status: 'ARCHIVED' }]);
});

test('a message that cannot be sent is an error that says what to do', async () => {
  const send = (...args: string[]) =>
    commands.run(['message', 'send', '--subject', 'S', ...args], asUser('alice'));
  const unknown = await send('--to', 'bo', '--body', 'x');
  expect(unknown.status).not.toBe(0);
  expect(unknown.stderr).toContain('There is no user and no team named "bo". Similar: bob (user');
  expect((await send('--body', 'x')).status).toBe(2);
  expect(await send('--to', 'bob')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('Give the text: --body, or --body-file'),
  });
  const missing = await send('--to', 'bob', '--body-file', 'missing.txt');
  expect(missing).toMatchObject({ status: 2, stderr: expect.stringContaining('--body-file') });
  await writeFile(join(commands.home, 'latin.txt'), new Uint8Array([0xe4, 0x20]));
  const latin = await send('--to', 'bob', '--body-file', 'latin.txt');
  expect(latin).toMatchObject({ status: 2, stderr: expect.stringContaining('UTF-8') });
  expect((await commands.run(['message', 'show', '999999'], asUser('alice'))).status).toBe(4);
});

test('a discussion is begun, listed, shown and answered', async () => {
  const { id } = await commands.syn.store(new Project({ name: 'Discussed' }));
  const posted = await commands.run([
    'discussion',
    'post',
    id,
    '--title',
    'Outliers 🧬',
    '--body',
    `What about ${id}, @bob?`,
  ]);
  expect(posted.stdout).toMatch(/^Created thread: \d+\tOutliers 🧬\n$/);
  const thread = idIn(posted.stdout);
  const replied = await commands.run(['discussion', 'reply', thread, '--body-file', '-'], {
    input: 'A sensor was broken.\n',
  });
  expect(replied.stdout).toMatch(/^Created reply: \d+\n$/);
  for (const args of [[id], [id, '--about']]) {
    const list = await commands.run(['discussion', 'list', ...args]);
    expect(list.stdout).toMatch(/^ID +AUTHOR +REPLIES +ACTIVE +PINNED +TITLE\n/);
    expect(list.stdout).toMatch(new RegExp(`^${thread} +\\S+ +1 +\\S+ +no +Outliers 🧬$`, 'm'));
  }
  const shown = await commands.run(['discussion', 'show', thread]);
  expect(shown.stdout).toMatch(
    new RegExp(
      `^== \\S+, \\S+\nWhat about ${id}, @bob\\?\n== \\S+, \\S+\nA sensor was broken\\.\n$`,
    ),
  );
  expect(shown.stderr).toBe(`Thread ${thread}: Outliers 🧬\n`);
  const json = await commands.run(['discussion', 'show', thread, '--json']);
  expect(JSON.parse(json.stdout)).toMatchObject({
    id: thread,
    replies: [{ threadId: thread, text: 'A sensor was broken.\n' }],
  });
  const long = ['discussion', 'post', id, '--title', 'x'.repeat(141), '--body', 'x'];
  expect((await commands.run(long)).stderr).toContain('Synapse allows 140');
});
