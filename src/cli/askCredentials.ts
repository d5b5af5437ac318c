import type { ProfileLogin } from '../index.js';

/** Prompts for a value; `secret` hides the input. */
export type Ask = (question: string, options: { secret: boolean }) => Promise<string>;

/**
 * Prompts for the login to write to the configuration file. The questions are the same as in the Python client, because scripts
 * answer them.
 */
export async function askCredentials(
  ask: Ask,
  known: { username?: string; profile?: string } = {},
): Promise<ProfileLogin> {
  const username =
    known.username ?? (await ask('Synapse username (Optional): ', { secret: false }));
  const question = username ? `Auth token for user ${username}:` : 'Auth token:';
  let authToken = '';
  while (authToken === '') authToken = (await ask(question, { secret: true })).trim();
  const profile =
    known.profile ??
    (await ask("Configuration profile name (Optional, 'default' used if not specified): ", {
      secret: false,
    }));
  return { authToken, profile: profile || 'default', username: username || undefined };
}
