import { gzipSync } from 'node:zlib';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import {
  ArgumentError,
  AuthorizationError,
  DownloadError,
  NotFoundError,
  RateLimitError,
  SynapseError,
  type Message,
  type Synapse,
} from '../../src/index.js';
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
        {
          recipients: Array.from({ length: 51 }, (_, i) => 5_000_000 + i),
          subject: 'S',
          body: 'x',
        },
        { recipients: Array.from({ length: 51 }, (_, i) => `user${i}`), subject: 'S', body: 'x' },
        { recipients: [me], subject: 'Two\nlines', body: 'x' },
        { recipients: [me], subject: 'S', body: 'half \ud800' },
        { recipients: [me], subject: 'S', body: { path: clients.folder } },
      ]) {
        await expect(syn.messages.send(message)).rejects.toThrow(SynapseError);
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

describe('recipients', () => {
  let bob: Synapse;
  beforeAll(async () => {
    bob = await clients.open('bob');
  });

  test('are given by name, id or object, and looked up with one request', async () => {
    const [bobs, carols] = await Promise.all([bob.users.get(), syn.users.get('carol')]);
    const recipients = ['bob', '@Bob', carols, Number(bobs.ownerId), ' carol '];
    const calls = await clients.calls(async () => {
      const sent = await syn.messages.send({ recipients, subject: 'Names', body: 'x' });
      expect(sent.recipients).toEqual([bobs.ownerId, carols.ownerId]);
    });
    expect(calls.filter((call) => call.startsWith('userProfile.'))).toEqual([
      'userProfile.listUserGroupHeadersByAliases',
    ]);
  });

  test('can be 50, however often each is named', async () => {
    const recipients = [...new Array<string>(60).fill(me), 'alice'];
    expect((await syn.messages.send({ recipients, subject: 'S', body: 'x' })).recipients).toEqual([
      me,
    ]);
    const many = Array.from({ length: 50 }, (_, i) => String(900_000_000 + i));
    const tooMany = syn.messages.send({ recipients: [...many, 'bob'], subject: 'S', body: 'x' });
    await expect(tooMany).rejects.toThrow('51 recipients, but Synapse allows 50');
  });

  test('that nobody is are all named, with names that are like them', async () => {
    const calls = await clients.calls(async () => {
      const sent = syn.messages.send({
        recipients: ['bo', 'bob', 'xyzzy', '!?'],
        subject: 'S',
        body: 'x',
      });
      await expect(sent).rejects.toThrow(ArgumentError);
      await expect(sent).rejects.toThrow(
        /named "bo"\. Similar: bob \(user \d+\)\..*named "xyzzy"\..*named "!\?"\./,
      );
    });
    expect(calls).not.toContain('message.sendMessage');
    expect(calls).not.toContain('file.createMultipartUpload');
    const nine = Array.from({ length: 9 }, (_, i) => `nobody${i}`);
    await expect(syn.messages.send({ recipients: nine, subject: 'S', body: 'x' })).rejects.toThrow(
      'also nobody named "nobody5", "nobody6", "nobody7", "nobody8"',
    );
  });

  test('are the members of a team; a sender whom it takes no messages of is told by mail', async () => {
    const team = await syn.services.team.createTeam({ body: { name: 'Sleep team' } });
    const sent = await syn.messages.send({ recipients: [team], subject: 'Team', body: 'x' });
    expect(sent.recipients).toEqual([team.id]);
    const id = team.id ?? '';
    const acl = await syn.services.team.getTeamAcl({ id });
    const resourceAccess = acl.resourceAccess?.filter(
      ({ principalId }) => principalId === Number(me),
    );
    await syn.services.team.updateTeamAcl({ body: { ...acl, resourceAccess } });
    const carol = await clients.open('carol');
    const kept = await carol.messages.send({ recipients: [team], subject: 'Kept', body: 'x' });
    expect(kept.recipients).toEqual([team.id]);
    const { html = '' } = clients.server.mails.findLast(({ to }) => to.startsWith('carol')) ?? {};
    expect(html).toContain('may not send messages to the group (Sleep team)');
  });

  test('that do not exist are refused by Synapse', async () => {
    const sent = syn.messages.send({ recipients: ['9999999'], subject: 'S', body: 'x' });
    await expect(sent).rejects.toThrow('9999999');
  });
});

describe('a received message', () => {
  let bob: Synapse;
  beforeAll(async () => {
    bob = await clients.open('bob', { retry: { baseDelay: 1, maxDelay: 5 } });
  });

  async function receive(subject: string, body = 'text'): Promise<Message> {
    const { id } = await syn.messages.send({ recipients: ['bob'], subject, body });
    return bob.messages.get(id);
  }

  test('is listed with its state, and its text when it is asked for', async () => {
    const body = 'Ünïcödé 🧬\r\n'.repeat(100_000);
    const { id } = await receive('Long', body);
    const find = async (options = {}): Promise<Message | undefined> =>
      (await bob.messages.inbox(options).toArray()).find((message) => message.id === id);
    expect(await find()).toMatchObject({ subject: 'Long', status: 'UNREAD' });
    expect((await find())?.text).toBeUndefined();
    expect((await find({ text: true }))?.text).toBe(body);
    expect((await bob.messages.get(id, { text: true })).text).toBe(body);
    await bob.messages.setStatus(id, 'READ');
    expect(await find({ status: 'UNREAD' })).toBeUndefined();
    expect(await find({ status: 'READ' })).toMatchObject({ status: 'READ' });
    await bob.messages.setStatus({ id }, 'ARCHIVED');
    expect(await find()).toBeUndefined();
    expect(await find({ status: ['ARCHIVED', 'READ'] })).toMatchObject({ status: 'ARCHIVED' });
  });

  test('is answered, and the answers are a conversation', async () => {
    const question = await receive('Question');
    const answer = await bob.messages.reply(question, { body: 'Answer' });
    expect(answer).toMatchObject({
      subject: 'Re: Question',
      inReplyTo: question.id,
      recipients: [me],
    });
    const thanks = await syn.messages.reply(answer.id, {
      body: 'Thanks',
      contentType: 'text/html',
    });
    expect(thanks.subject).toBe('Re: Question');
    const conversation = await bob.messages.conversation(thanks, { text: true }).toArray();
    expect(conversation.map(({ text }) => text)).toEqual(['text', 'Answer', 'Thanks']);
    expect((await syn.messages.outbox().toArray())[0]).toMatchObject({ id: thanks.id });
  });

  test('is answered to all others', async () => {
    const { id } = await syn.messages.send({
      recipients: ['bob', 'carol'],
      subject: 'All',
      body: 'x',
    });
    const carol = (await syn.users.get('carol')).ownerId;
    const reply = await bob.messages.reply(id, { body: 'y', subject: 'Other', toAll: true });
    expect(reply).toMatchObject({ recipients: [me, carol], subject: 'Other' });
  });

  test.each([
    ['answered', {}],
    ['handled, and its answer lost', { loseAnswer: true }],
    ['lost on the way', { dropRequestAt: 0 }],
  ])('is forwarded once when the request is %s, also to those who have it', async (_, loss) => {
    const message = await receive('Forward me');
    await bob.messages.forward(message, ['carol']);
    const faults = [{ operation: 'message.forwardMessage', times: 1, ...loss }];
    if (Object.keys(loss).length > 0) clients.server.conditions.set({ faults });
    const sent = await bob.messages.forward(message.id, ['carol']);
    expect(await bob.messages.text(sent)).toBe('text');
    const all = await bob.messages.outbox().toArray();
    expect(all.filter(({ fileHandleId }) => fileHandleId === message.fileHandleId)).toHaveLength(2);
  });

  test('of others is not readable, and one that does not exist is not found', async () => {
    const { id } = await receive('Private');
    const carol = await clients.open('carol');
    await expect(carol.messages.get(id)).rejects.toThrow(AuthorizationError);
    await expect(carol.messages.text(id)).rejects.toThrow(AuthorizationError);
    await expect(carol.messages.setStatus(id, 'READ')).rejects.toThrow(AuthorizationError);
    await expect(carol.messages.get('999999')).rejects.toThrow(NotFoundError);
    await expect(carol.messages.reply('999999', { body: 'x' })).rejects.toThrow(NotFoundError);
  });
});

test('a text is the content of a file', async () => {
  const path = await clients.file('text.txt', 'From a file: 🧬');
  const sent = await syn.messages.send({ recipients: [me], subject: 'File', body: { path } });
  expect(await syn.messages.text(sent)).toBe('From a file: 🧬');
  const latin = await clients.file('latin.txt', new Uint8Array([0xe4, 0x20]));
  const refused = syn.messages.send({ recipients: [me], subject: 'S', body: { path: latin } });
  await expect(refused).rejects.toThrow('not a text in UTF-8');
});

describe('the text of a message', () => {
  /** Sends a file as it is. */
  async function send(content: Buffer, contentType: string): Promise<Message> {
    const { id } = await syn.fileHandles.upload(content, { fileName: 'text', contentType });
    const body = { fileHandleId: id, recipients: [me], subject: 'Raw' };
    const sent = await syn.services.message.sendMessage({ body });
    return syn.messages.get(sent.id ?? '');
  }

  test('can be compressed, as texts of Synapse are', async () => {
    const sent = await send(gzipSync('Ünïcödé 🧬'), 'text/plain; charset=utf-8');
    expect(await syn.messages.text(sent)).toBe('Ünïcödé 🧬');
    const broken = await send(gzipSync('Ünïcödé').subarray(0, 12), 'text/plain');
    await expect(syn.messages.text(broken)).rejects.toThrow('cannot be decompressed');
  });

  test('is in the charset that its file names', async () => {
    const latin = Buffer.from('Größe', 'latin1');
    const sent = await send(latin, 'text/html; charset="ISO-8859-1"');
    expect(await syn.messages.text(sent)).toBe('Größe');
    for (const contentType of ['text/plain', 'text/plain; charset=unheard-of']) {
      const other = await send(latin, contentType);
      await expect(syn.messages.text(other)).rejects.toThrow(DownloadError);
    }
  });

  test('is not decompressed to more than a machine has', async () => {
    const sent = await send(gzipSync(Buffer.alloc(257 * 1024 * 1024)), 'text/plain');
    await expect(syn.messages.text(sent)).rejects.toThrow('larger than');
  });
});

test('the creator of an entity gets a message from a user who cannot read it, once', async () => {
  const project = await clients.project(syn);
  const carol = await clients.open('carol', { retry: { baseDelay: 1, maxDelay: 5 } });
  const faults = [{ operation: 'message.sendMessageToEntityOwner', times: 1, loseAnswer: true }];
  clients.server.conditions.set({ faults });
  const request = { subject: 'Access', body: `May I read ${project.id}?` };
  const sent = await carol.messages.sendToCreator(project, request);
  expect(sent.recipients).toEqual([me]);
  const outbox = await carol.messages.outbox().toArray();
  expect(outbox.filter(({ subject }) => subject === request.subject)).toHaveLength(1);
});

describe('more than ten messages in a minute', () => {
  test('are sent when Synapse has room for them again', async () => {
    const faults = [{ operation: 'message.sendMessage', times: 2, status: 429, retryAfter: 0 }];
    const sent = await sentBy(async () => {
      clients.server.conditions.set({ faults });
      await syn.messages.send({ recipients: [me], subject: 'Slow', body: 'x' });
    });
    expect(sent).toHaveLength(1);
  });

  test('do not hold up other requests', async () => {
    const patient = await clients.open('alice', { retry: { baseDelay: 1 } });
    const reason = 'Please slow down.  You may send a maximum of 10 message(s)';
    const faults = [
      { operation: 'message.sendMessage', times: 1, status: 429, reason, retryAfter: 2 },
    ];
    const { conditions, requests } = clients.server;
    requests.clear();
    conditions.set({ faults });
    let isSent = false;
    const sending = patient.messages
      .send({ recipients: [me], subject: 'Patient', body: 'x' })
      .then(() => (isSent = true));
    while (requests.counts()['message.sendMessage'] === undefined) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await patient.users.get();
    expect(isSent).toBe(false);
    await sending;
  });

  test('are an error when waiting does not help', async () => {
    const hasty = await clients.open('alice', { retry: { maxAttempts: 2, baseDelay: 1 } });
    const reason = 'Please slow down.  You may send a maximum of 10 message(s)';
    const faults = [{ operation: 'message.sendMessage', status: 429, reason, retryAfter: 0 }];
    clients.server.conditions.set({ faults });
    const sent = hasty.messages.send({ recipients: [me], subject: 'Hasty', body: 'x' });
    await expect(sent).rejects.toThrow(RateLimitError);
    await expect(sent).rejects.toThrow('10 message');
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
