import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { ArgumentError, type Synapse } from '../../src/index.js';
import { notifyMe } from '../../src/synapseutils/index.js';
import { withClients } from '../entities/withClients.js';

// Every message is sent in a minute of its own: Synapse allows ten in a minute.
let now = Date.parse('2030-01-01T00:00:00Z');
const clients = withClients({ now: () => new Date((now += 60_000)) });
let syn: Synapse;
let me: string;
beforeAll(async () => {
  syn = await clients.open('alice', { retry: { baseDelay: 1, maxDelay: 5 } });
  me = (await syn.getUserProfile()).ownerId ?? '';
});
afterEach(() => clients.server.conditions.reset());

interface Sent {
  subject?: string;
  body: string;
}

async function outbox(): Promise<Sent[]> {
  const sent: Sent[] = [];
  for await (const { subject, fileHandleId = '' } of syn.paginate('message.listOutboxMessages', {
    orderBy: 'SEND_DATE',
    descending: false,
  })) {
    const chunks: Buffer[] = [];
    for await (const chunk of await syn.fileHandles.stream(fileHandleId)) {
      chunks.push(chunk as Buffer);
    }
    sent.push({ subject, body: Buffer.concat(chunks).toString() });
  }
  return sent;
}

/** The messages that a piece of work sends. */
async function sentBy(work: () => Promise<unknown>): Promise<Sent[]> {
  const before = (await outbox()).length;
  await work();
  return (await outbox()).slice(before);
}

describe('a message', () => {
  test.each(['short', 'Ünïcödé 🧬\r\n'.repeat(20_000)])('has its whole text', async (body) => {
    const sent = await sentBy(() => syn.messages.send({ recipients: [me], subject: 'S', body }));
    expect(sent).toEqual([{ subject: 'S', body }]);
  });

  test('reaches its recipients', async () => {
    const bob = await clients.open('bob');
    const { ownerId = '' } = await bob.getUserProfile();
    await syn.messages.send({
      recipients: [ownerId],
      subject: 'To bob',
      body: '<b>x</b>',
      contentType: 'text/html',
    });
    const subjects: unknown[] = [];
    for await (const { message } of bob.paginate('message.listInboxMessages', {})) {
      subjects.push(message?.subject);
    }
    expect(subjects).toContain('To bob');
  });

  test('without a text or recipients, or with too many, is refused before anything is sent', async () => {
    const calls = await clients.calls(async () => {
      for (const message of [
        { recipients: [me], subject: 'S', body: '' },
        { recipients: [], subject: 'S', body: 'x' },
        { recipients: new Array<string>(51).fill(me), subject: 'S', body: 'x' },
      ]) {
        await expect(syn.messages.send(message)).rejects.toThrow(ArgumentError);
      }
    });
    expect(calls).toEqual([]);
  });

  test.each([
    ['handled, and its answer lost', { loseAnswer: true }],
    ['lost on the way', { dropRequestAt: 0 }],
    ['given up by a gateway', { status: 504 }],
  ])('whose request is %s is sent once', async (_, loss) => {
    const message = { recipients: [me], subject: 'Once', body: 'same text' };
    const sent = await sentBy(async () => {
      await syn.messages.send(message);
      const faults = [{ operation: 'message.sendMessage', times: 1, ...loss }];
      clients.server.conditions.set({ faults });
      await syn.messages.send(message);
    });
    expect(sent).toHaveLength(2);
  });
});

describe('notifyMe', () => {
  test('gives the result of the work, and sends a message', async () => {
    const sent = await sentBy(async () => {
      const work = async function longWork(): Promise<number> {
        return Promise.resolve(42);
      };
      expect(await notifyMe(syn, work, { subject: 'My work' })).toBe(42);
      expect(await notifyMe(syn, Promise.resolve('done'))).toBe('done');
    });
    expect(sent).toEqual([
      { subject: 'My work', body: 'Call to longWork completed successfully!' },
      { subject: 'your work', body: 'Call to your work completed successfully!' },
    ]);
  });

  test('sends a message for each failure, and throws the error of the last', async () => {
    let count = 0;
    const work = (): Promise<never> => Promise.reject(new RangeError(`failure ${(count += 1)}`));
    const sent = await sentBy(async () => {
      const call = notifyMe(syn, work, { name: 'it', retries: 2 });
      await expect(call).rejects.toThrow(new RangeError('failure 3'));
    });
    expect(sent.map(({ body }) => body.split('\n')[0])).toEqual([
      'Call to it failed. It will be tried 2 more times.',
      'Call to it failed. It will be tried 1 more times.',
      'Call to it failed. It will not be tried again.',
    ]);
    expect(sent[2]?.body).toContain('failure 3');
  });

  test('tries again until the work succeeds, also when it throws at once', async () => {
    let count = 0;
    const work = (): string => {
      count += 1;
      if (count < 3) throw new Error('not yet');
      return 'done';
    };
    const sent = await sentBy(async () => {
      expect(await notifyMe(syn, work, { retries: 5 })).toBe('done');
    });
    expect(sent).toHaveLength(3);
  });

  test('keeps the outcome of the work when the message cannot be sent', async () => {
    const faults = [{ operation: 'message.sendMessage', status: 400, reason: 'no mail' }];
    clients.server.conditions.set({ faults });
    const problems: string[] = [];
    const options = { onUnsent: (error: Error) => problems.push(error.message) };
    expect(await notifyMe(syn, () => 'done', options)).toBe('done');
    const failing = notifyMe(syn, () => Promise.reject(new Error('mine')), options);
    await expect(failing).rejects.toThrow('mine');
    expect(problems).toEqual([expect.stringMatching('no mail'), expect.stringMatching('no mail')]);
  });

  test('refuses retries of a promise', async () => {
    const work = Promise.reject(new Error('unhandled'));
    await expect(notifyMe(syn, work, { retries: 1 })).rejects.toThrow(ArgumentError);
  });
});
