import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { mailTo, sendCloudMail } from './cloudMail.js';
import { unread } from './messageCalls.js';

const server = withSessions();

describe('ITCloudMailIn', () => {
  test.each([
    ['alone', {}],
    ['with an attachment', { attachments: [{ file_name: 'a.txt', content: 'dGVzdA==' }] }],
  ])(
    'testCloudMailInMessage: a mail %s becomes a message and is mailed on',
    async (_what, fields) => {
      expect(
        await sendCloudMail(server, '/cloudMailInMessage', mailTo('bob', fields)),
      ).toMatchObject({
        status: 204,
        body: '',
      });
      expect((await unread(server.bob))[0]).toMatchObject({
        createdBy: String(server.userId('alice')),
        subject: 'Test Subject',
      });
      expect(server.synapse.mails.at(-1)).toMatchObject({
        to: 'bob@example.org',
        subject: 'Test Subject',
        html: '<html><body>Test with HTML.</body></html>',
      });
    },
  );

  test('testCloudMailInMessageWrongCredentials: a wrong password is refused', async () => {
    expect(
      await sendCloudMail(server, '/cloudMailInMessage', mailTo('bob'), 'wrong'),
    ).toMatchObject({
      status: 401,
    });
  });

  test('testCloudMailAuthorizationOK: mail between users is authorized', async () => {
    const header = { from: 'alice@example.org', to: 'bob@synapse.org' };
    expect(await sendCloudMail(server, '/cloudMailInAuthorization', header)).toMatchObject({
      status: 204,
    });
  });

  test('testCloudMailAuthorizationBadTo: mail to nobody is refused in plain text', async () => {
    const header = { from: 'alice@example.org', to: 'nobody@synapse.org' };
    const answer = await sendCloudMail(server, '/cloudMailInAuthorization', header);
    expect(answer).toMatchObject({
      status: 400,
      body: 'nobody@synapse.org is not a known Synapse email recipient.',
    });
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain/);
  });
});
