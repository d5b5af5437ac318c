import { describe, expect, test } from '@jest/globals';

import type { Answer } from '../helpers/api.js';
import { api } from '../helpers/api.js';
import { withSessions } from '../server/entitySession.js';
import { unread } from './messageCalls.js';

const server = withSessions();

/** Sends what the mail service sends, with its name and password. */
function send(path: string, body: object, password = 'admin-password'): Promise<Answer> {
  const authorization = `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`;
  return api(server.synapse).post(`/repo/v1${path}`, body, { headers: { authorization } });
}

function mailTo(name: string, fields: object = {}): object {
  return {
    headers: { Subject: 'Test Subject' },
    envelope: { from: 'alice@example.org', recipients: [`${name}@synapse.org`] },
    plain: 'Test with HTML.',
    html: '<html><body>Test with HTML.</body></html>',
    ...fields,
  };
}

describe('ITCloudMailIn', () => {
  test.each([
    ['alone', {}],
    ['with an attachment', { attachments: [{ file_name: 'a.txt', content: 'dGVzdA==' }] }],
  ])(
    'testCloudMailInMessage: a mail %s becomes a message and is mailed on',
    async (_what, fields) => {
      expect(await send('/cloudMailInMessage', mailTo('bob', fields))).toMatchObject({
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
    expect(await send('/cloudMailInMessage', mailTo('bob'), 'wrong')).toMatchObject({
      status: 401,
    });
  });

  test('testCloudMailAuthorizationOK: mail between users is authorized', async () => {
    const header = { from: 'alice@example.org', to: 'bob@synapse.org' };
    expect(await send('/cloudMailInAuthorization', header)).toMatchObject({ status: 204 });
  });

  test('testCloudMailAuthorizationBadTo: mail to nobody is refused in plain text', async () => {
    const header = { from: 'alice@example.org', to: 'nobody@synapse.org' };
    const answer = await send('/cloudMailInAuthorization', header);
    expect(answer).toMatchObject({
      status: 400,
      body: 'nobody@synapse.org is not a known Synapse email recipient.',
    });
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain/);
  });
});
