import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { errorFromResponse } from '../src/api/errorFromResponse.js';
import { eventLine } from '../src/cli/printEvent.js';
import {
  ConfigError,
  NetworkError,
  PartialFailureError,
  redactText,
  SynapseHttpError,
} from '../src/errors.js';
import { clientSettings } from '../src/auth/clientSettings.js';
import { storageHttpError, storageNetworkError } from '../src/net/storageError.js';

const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJDQU5BUlkifQ.Q0FOQVJZ';

/** Secrets in the shapes in which servers echo them. Each contains one of the words of `leaks`. */
const samples: Readonly<Record<string, string>> = {
  'a token': jwt,
  'a token in a sentence': `The token ${jwt} has expired.`,
  'a token in JSON': `{"message":"no ${jwt}"}`,
  'a token in JSON within JSON': JSON.stringify(JSON.stringify({ token: jwt })),
  'a token behind a percent escape': `next=%2Fx%3Ft%3D${jwt}%26a`,
  'a token on two lines': `eyJhbGciOiJIUzI1NiJ9.eyJzdWIi\nOiJDQU5BUlkifQ.Q0FOQVJZ`,
  'a token that was cut': 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJDQU5BUlki',
  'a token after a word': `Bearer${jwt}`,
  'a relative presigned URL': '/k?X-Amz-Signature=CANARY&x=1',
  'a presigned URL of S3': 'https://b/k?X-Amz-Credential=CANARY%2F2020&X-Amz-Signature=CANARY',
  'the parameters of S3': 'X-Amz-Security-Token=CANARY&X-Amz-Credential=CANARY/2020',
  'an old signature of S3': '/k?AWSAccessKeyId=CANARY&Signature=CANARY&Expires=1',
  'a signature of Google': 'GoogleAccessId=CANARY&X-Goog-Signature=CANARY',
  'a signature of Azure': 'blob?sv=2020&sr=b&sig=CANARY%3D&se=2021',
  'a percent-encoded URL': 'url=https%3A%2F%2Fb%2Fk%3FX-Amz-Signature%3DCANARY%26a%3D1',
  'a twice encoded URL': 'X-Amz-Signature%253DCANARY',
  'an encoded name': 'https://b/k?X%2DAmz%2DSignature=CANARY',
  'an access key of AWS': 'key AKIACANARYEXAMPLE777 is unknown',
  'a temporary key of AWS': 'ASIACANARYEXAMPLE777',
  'a signed request': 'AWS4-HMAC-SHA256 Credential=CANARY/x, SignedHeaders=host, Signature=CANARY',
  'an XML error of S3': '<Error><AWSAccessKeyId>CANARY</AWSAccessKeyId><SignatureProvided>CANARY</SignatureProvided></Error>',
  'the key of a proxy': '{"proxyUrl":"https://p","secretKey":"CANARY"}',
  'the key of a proxy in a flag': '--secret-key=CANARY',
  'a URL that is signed for a proxy': 'https://p/proxylocal/a.txt?fileName=a&hmacSignature=CANARY',
  'a bearer header': 'Authorization: Bearer CANARY',
  'a bearer header in JSON': '{"Authorization":"Bearer CANARY"}',
  'a bearer header on two lines': 'Bearer\n  CANARY',
  'an encoded bearer header': 'h=Bearer%20CANARY',
  'a basic header': 'authorization: Basic Q0FOQVJZOkNBTkFSWQ==',
  'basic credentials': 'got Basic Q0FOQVJZOkNBTkFSWQ==',
  'the header of a session': 'sessionToken: CANARY',
  'a cookie': 'Set-Cookie: CANARY=1',
  'a form': 'username=a&password=CANARY&x=1',
  'a password with spaces': '{"password": "CANARY, and CANARY"}',
  'a setting of Python': "{'authtoken': 'CANARY'}",
  'a setting of the shell': 'SYNAPSE_AUTH_TOKEN=CANARY synapse get',
  'a setting of an INI file': 'aws_secret_access_key = CANARY/+x',
  'a refresh token': 'grant_type=refresh_token&refresh_token=CANARY',
  'a secret of a client': '"client_secret":"CANARY"',
  'an API key': 'x-api-key: CANARY1',
  'a URL with a password': 'http://user:CANARY@h/p',
  'a relative URL with a password': '//user:CANARY@h/p',
  'an encoded URL with a password': 'https%3A%2F%2Fuser%3ACANARY%40h',
  'a private key': '-----BEGIN RSA PRIVATE KEY-----\nCANARY\n-----END RSA PRIVATE KEY-----',
}; // prettier-ignore

/** `CANARY` in plain text and in base64. */
const leaks = /CANARY|DQU5BUlk|Q0FOQVJZ/;

const everyForm = (error: Error): string[] => [
  error.message,
  String(error),
  error.stack ?? '',
  inspect(error, { depth: 10 }),
  JSON.stringify(error),
];

/** Where a text of a server goes. */
const places: Readonly<Record<string, (text: string) => string[]>> = {
  'free text': (text) => [redactText(text)],
  'the reason of a refusal': (text) =>
    everyForm(
      errorFromResponse({
        status: 400,
        method: 'GET',
        url: 'http://h/',
        text: JSON.stringify({ reason: text }),
      }),
    ),
  'the text of a refusal': (text) =>
    everyForm(errorFromResponse({ status: 502, method: 'GET', url: 'http://h/', text })),
  'the page of a proxy': (text) =>
    everyForm(
      errorFromResponse({
        status: 502,
        method: 'GET',
        url: 'http://h/',
        text: `<html><body>${text}</body></html>`,
      }),
    ),
  'the refusal of a store': (body) =>
    everyForm(storageHttpError('GET', 'http://h/', { status: 403, headers: {}, body })),
  'a failed connection': (text) => everyForm(storageNetworkError('http://h/', new Error(text))),
  'a message': (text) => everyForm(new ConfigError(text, { path: 'f' })),
  'a cause': (text) => everyForm(new NetworkError('Failed.', { cause: new TypeError(text) })),
  'a cause of a cause': (text) =>
    everyForm(
      new NetworkError('Failed.', { cause: new Error('outer', { cause: new Error(text) }) }),
    ),
  'a property of a cause': (text) =>
    everyForm(
      new NetworkError('Failed.', { cause: Object.assign(new Error('refused'), { hint: text }) }),
    ),
  'one of several failures': (text) =>
    everyForm(new PartialFailureError('stored', [{ path: 'a', error: new Error(text) }])),
  'the log of a client': (text) => {
    const logged: string[] = [];
    clientSettings({ configPath: '/none', log: (message) => logged.push(message) }).log(text);
    return logged;
  },
  'an event of NDJSON': (text) => [eventLine({ state: 'error', message: text })],
};

describe.each(Object.keys(places))('%s contains no secret', (place) => {
  test.each(Object.entries(samples))('%s', (_, sample) => {
    for (const text of places[place]?.(sample) ?? []) expect(text).not.toMatch(leaks);
  });
});

test('a cause without secrets stays the same object', () => {
  const cause = new Error('refused', { cause: new Error('ECONNREFUSED') });
  expect(new NetworkError('Failed.', { cause }).cause).toBe(cause);
});

test('a cause with secrets stays an error of its class', () => {
  const cause = Object.assign(new TypeError(`no ${jwt}`), { code: 'ENOENT' });
  const { cause: shown } = new NetworkError('Failed.', { cause });
  expect(shown).toBeInstanceOf(TypeError);
  expect(shown).toMatchObject({ message: 'no ***', code: 'ENOENT' });
});

test('the properties of an HTTP error contain no secret', () => {
  const error = new SynapseHttpError('refused', {
    status: 400,
    reason: `no ${jwt}`,
    method: 'GET',
    url: `http://u:CANARY@h/${jwt}?sig=CANARY`,
    requestId: jwt,
    errorCode: jwt,
  });
  expect(Object.values(error).join(' ')).not.toMatch(leaks);
});

test.each([
  'The MD5 of /data/a.b.c is d41d8cd98f00b204e9800998ecf8427e but should be 0cc175b9c0f1b6a831c399e269772661.',
  'syn123.4 in https://h/repo/v1/entity/syn123?limit=3&nextPageToken=50a50 was not found (404)',
  'The request signature we calculated does not match the signature you provided.',
  'The Bearer token is missing. Basic information about tokens: none.',
  'Invalid password: must have 8 characters',
  'No credentials found. Run `synapse login`, or set SYNAPSE_AUTH_TOKEN to a personal access token.',
  'name=eyJ.tar.gz, key=value, design=none, sigma=2, passwords and secrets, tokens: 3',
  'a.b.c.d eyJ x@y.org //host/share C:\\dir http://h:8080/a@b 12:30:00 org.sagebionetworks.repo.model.FileEntity',
  '"nextPageToken":"50a50"',
])('ordinary text stays: %s', (text) => {
  expect(redactText(text)).toBe(text);
});
