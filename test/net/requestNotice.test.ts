import { describe, expect, test } from '@jest/globals';
import { systemClock } from '../../src/net/clock.js';
import { observed, type RequestNotice } from '../../src/net/requestNotice.js';

interface Sent {
  url?: string;
  body?: string;
  text?: string;
}

async function noticeOf({ url = 'https://host/repo', body, text }: Sent): Promise<RequestNotice> {
  const notices: RequestNotice[] = [];
  await observed(
    { onRequest: (notice) => notices.push(notice), clock: systemClock },
    { method: 'POST', url, body },
    () => Promise.resolve({ status: 200, ...(text !== undefined && { text }) }),
    (result) => result,
  );
  expect(notices).toHaveLength(1);
  return notices[0] as RequestNotice;
}

const secret = 'hunter2-very-SECRET';
const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl';

describe('a notice of a request', () => {
  test.each<[string, Sent]>([
    [
      'a signed URL',
      { url: `https://s3/b/k?X-Amz-Signature=${secret}&X-Amz-Credential=${secret}` },
    ],
    ['a user in a URL', { url: `https://user:${secret}@host/` }],
    ['a password', { body: `{"username":"a","password":"${secret}"}` }],
    ['a password with quotes', { body: JSON.stringify({ password: `a"b${secret}` }) }],
    ['a password with escapes', { body: `{"pass\\u0077ord":"${secret}"}` }],
    ['a password deep inside', { body: `{"a":[{"b":{"newPassword":"${secret}"}}]}` }],
    ['a password in a form', { body: `grant_type=password&password=${secret}&x=1` }],
    ['an access token', { text: `{"accessToken":"${secret}"}` }],
    [
      'a token with another name',
      { text: `{"twoFaToken":"${secret}","sessionToken":"${secret}"}` },
    ],
    ['keys of STS', { text: `{"accessKeyId":"${secret}","secretAccessKey":"${secret}"}` }],
    ['a receipt of a login', { text: `{"authenticationReceipt":"${secret}"}` }],
    ['a code of an authenticator', { body: `{"otpCode":"${secret}"}` }],
    ['recovery codes', { text: `{"recoveryCodes":["${secret}","${secret}"]}` }],
    [
      'presigned URLs in a body',
      { text: `{"preSignedURL":"https://s3/k?X-Amz-Signature=${secret}\\u0026X-Amz-Date=1"}` },
    ],
    ['a signed URL that is the whole body', { text: `https://s3/k?Signature=${secret}` }],
    ['a header in a text', { text: `Authorization: Bearer ${secret}` }],
  ])('does not contain %s', async (_what, sent) => {
    expect(JSON.stringify(await noticeOf(sent))).not.toContain(secret);
  });

  test('does not contain a JSON Web Token, wherever it is', async () => {
    const notice = await noticeOf({
      url: `https://host/a?x=${jwt}`,
      body: `{"note":"${jwt}"}`,
      text: `here: ${jwt}.`,
    });
    expect(JSON.stringify(notice)).not.toContain('eyJzdWIiOiIxIn0');
  });

  test('does not contain a secret that the end of a long text would cut', async () => {
    const text = JSON.stringify({ a: 'x'.repeat(1970), password: secret });
    expect(JSON.stringify(await noticeOf({ text }))).not.toContain('hunter2');
  });

  test('contains what is no secret', async () => {
    const sent = { body: '{"name":"a","nextPageToken":"50a0"}', text: '{"id":"syn1"}' };
    expect(await noticeOf(sent)).toMatchObject({
      method: 'POST',
      url: 'https://host/repo',
      status: 200,
      sent: sent.body,
      received: sent.text,
    });
  });

  test('contains the beginning of a long text only', async () => {
    const { received = '' } = await noticeOf({ text: 'word '.repeat(10_000) });
    expect(received).toHaveLength(2000 + '… (50000 characters)'.length);
    expect((await noticeOf({ text: 'x'.repeat(2_000_000) })).received).toBe('(2000000 characters)');
  });

  test('tells why there was no response', async () => {
    const notices: RequestNotice[] = [];
    const options = {
      onRequest: (notice: RequestNotice) => notices.push(notice),
      clock: systemClock,
    };
    const error = new Error(`cannot connect with token=${secret}`);
    const sending = observed(
      options,
      { method: 'GET', url: 'https://host/' },
      () => Promise.reject(error),
      () => ({}),
    );
    await expect(sending).rejects.toBe(error);
    expect(notices).toEqual([
      {
        method: 'GET',
        url: 'https://host/',
        error: 'cannot connect with token=***',
        durationMs: expect.any(Number),
      },
    ]);
  });
});
