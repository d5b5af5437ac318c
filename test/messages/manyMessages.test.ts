import { expect, test } from '@jest/globals';
import { withClients } from '../entities/withClients.js';

const clients = withClients();

test('messages of many pages are read with few requests', async () => {
  // Administrators may send more than ten messages in a minute.
  const admin = await clients.open('admin');
  const bob = await clients.open('bob');
  expect(await bob.messages.inbox().toArray()).toEqual([]);
  const numbers = Array.from({ length: 55 }, (_, i) => String(i).padStart(2, '0'));
  for (const number of numbers) {
    await admin.messages.send({ recipients: ['bob'], subject: number, body: `Text ${number}` });
  }
  const calls = await clients.calls(async () => {
    const found = await bob.messages
      .inbox({ sortBy: 'SUBJECT', sortDirection: 'ASC', text: true })
      .toArray();
    expect(found.map(({ subject }) => subject)).toEqual(numbers);
    expect(found.map(({ text }) => text)).toEqual(numbers.map((number) => `Text ${number}`));
  });
  const count = (operation: string): number => calls.filter((call) => call === operation).length;
  expect(count('message.listInboxMessages')).toBe(2);
  expect(count('file.getFileHandleBatch')).toBe(3);
  expect(calls).toHaveLength(2 + 3 + 55);
  const newest = await bob.messages.inbox().toArray();
  expect(newest.map(({ subject }) => subject)).toEqual(numbers.toReversed());
});
