import { Flags } from '@oclif/core';
import { readSource } from './readSource.js';
import { usageError } from './usageError.js';
import { ofKind } from './valueKind.js';

/** Flags for a login. Those that all commands have are repeated with the letters that the Python client has for them. */
export const loginFlags = {
  username: Flags.string({
    char: 'u',
    description: 'User name or email of the owner of the token or password.',
    helpValue: '<name>',
  }),
  password: Flags.string({
    char: 'p',
    description:
      'Password of --username, or a personal access token. Other users of this machine can see it: prefer the prompt or a file.',
    helpValue: '<password>',
    exclusive: ['auth-token', 'auth-token-file'],
  }),
  'auth-token': Flags.string({
    aliases: ['authToken'],
    description:
      'Personal access token. Other users of this machine can see it: prefer the prompt or a file.',
    helpValue: '<token>',
  }),
  'auth-token-file': ofKind(
    'file',
    Flags.string({
      aliases: ['authTokenFile'],
      description: 'File with the token, or - for standard input.',
      helpValue: '<file>',
      exclusive: ['auth-token'],
    }),
  ),
};

/** Reads the token of the flags; `undefined` without a token flag. */
export async function givenToken(flags: {
  'auth-token'?: string | undefined;
  'auth-token-file'?: string | undefined;
}): Promise<string | undefined> {
  if (flags['auth-token']?.trim() === '') throw usageError('--auth-token is empty.');
  const file = flags['auth-token-file'];
  if (file === undefined) return flags['auth-token'];
  const token = (await readSource('--auth-token-file', file)).trim();
  if (token === '') throw usageError('--auth-token-file contains no token.');
  return token;
}
