import { api, type Answer } from '../helpers/api.js';
import type { TestServer } from '../server/entitySession.js';

/** Sends what the mail service sends, with its name and password. */
export function sendCloudMail(
  { synapse }: TestServer,
  path: string,
  body: object,
  password = 'admin-password',
): Promise<Answer> {
  const authorization = `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`;
  return api(synapse).post(`/repo/v1${path}`, body, { headers: { authorization } });
}

/** What the mail service sends for a mail to a user. */
export function mailTo(name: string, fields: object = {}): object {
  return {
    headers: { Subject: 'Test Subject' },
    envelope: { from: 'alice@example.org', recipients: [`${name}@synapse.org`] },
    plain: 'Test with HTML.',
    html: '<html><body>Test with HTML.</body></html>',
    ...fields,
  };
}
