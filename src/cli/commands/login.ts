import { Flags } from '@oclif/core';
import type { Login } from '../../index.js';
import { BaseCommand } from '../baseCommand.js';
import { exitCodes } from '../exitCodes.js';
import { usageError } from '../usageError.js';

export default class LoginCommand extends BaseCommand {
  static override summary = 'Check that you can log in, and as whom.';

  static override description =
    'Without flags the token is taken from the configuration file or SYNAPSE_AUTH_TOKEN. Where there is none, a terminal asks ' +
    'for it. --remember-me keeps it in the keychain of the operating system.';

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --remember-me',
    '<%= config.bin %> <%= command.id %> --auth-token-file token.txt',
  ];

  static override flags = {
    username: Flags.string({
      char: 'u',
      description: 'User name or e-mail that the token must belong to.',
    }),
    'auth-token': Flags.string({
      char: 'p',
      aliases: ['authToken', 'password'],
      description:
        'Personal access token. Other users of this machine can see it: prefer the prompt.',
    }),
    'auth-token-file': Flags.string({
      description: 'File that holds the token, or - for standard input.',
      exclusive: ['auth-token'],
    }),
    'remember-me': Flags.boolean({
      aliases: ['rememberMe'],
      description: 'Keep the token in the keychain.',
    }),
  };

  async run(): Promise<unknown> {
    const { flags } = await this.parse(LoginCommand);
    const syn = await this.client(flags);
    const given = flags['auth-token'] ?? (await readToken(flags['auth-token-file']));
    const login = (authToken: string | undefined): Promise<Login> =>
      syn.login({
        signal: this.signal,
        rememberMe: flags['remember-me'],
        ...(authToken !== undefined && { authToken }),
        ...(flags.username !== undefined && { username: flags.username }),
        ...(flags.profile !== undefined && { profile: flags.profile }),
      });
    const { userName, userId, source, remembered } = await login(given).catch(
      async (error: unknown) => {
        if (!this.#canAsk(error)) throw error;
        return login(await askForToken());
      },
    );
    this.log(`Logged in as: ${userName} (${userId})`);
    return { userName, userId, source, remembered };
  }

  #canAsk(error: unknown): boolean {
    const missing = (error as { code?: unknown }).code === 'NO_CREDENTIALS';
    return missing && process.stdin.isTTY && process.stderr.isTTY && !this.jsonEnabled();
  }
}

async function readToken(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  const { readSource } = await import('../readSource.js');
  const token = (await readSource('--auth-token-file', file)).trim();
  if (token === '') throw usageError('--auth-token-file holds no token.');
  return token;
}

async function askForToken(): Promise<string> {
  const { password } = await import('@inquirer/prompts');
  try {
    return await password({ message: 'Auth token:' }, { output: process.stderr });
  } catch (error) {
    // The prompt has its own error for Ctrl-C.
    if ((error as Error).name === 'ExitPromptError') process.exit(exitCodes.interrupted);
    throw error;
  }
}
