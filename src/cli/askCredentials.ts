import type { ProfileLogin } from '../index.js';

/** Asks a person; `secret` hides what is typed. */
export type Ask = (question: string, options: { secret: boolean }) => Promise<string>;

/**
 * Asks for a login to put into the configuration file, in the words of the Python client: people have
 * scripts that answer them.
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
