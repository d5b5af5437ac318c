import { Flags } from '@oclif/core';
import { readSource } from './readSource.js';
import { usageError } from './usageError.js';

/** Flags for a personal access token. */
export const tokenFlags = {
  'auth-token': Flags.string({
    char: 'p',
    aliases: ['authToken', 'password'],
    description:
      'Personal access token. Other users of this machine can see it: prefer the prompt or a file.',
    helpValue: '<token>',
  }),
  'auth-token-file': Flags.string({
    aliases: ['authTokenFile'],
    description: 'File with the token, or - for standard input.',
    helpValue: '<file>',
    exclusive: ['auth-token'],
  }),
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
