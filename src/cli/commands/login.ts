import { Flags } from '@oclif/core';
import type { Login, LoginOptions, Synapse } from '../../index.js';
import { ask, canAsk } from '../ask.js';
import { BaseCommand } from '../baseCommand.js';
import { givenLogin } from '../givenLogin.js';
import { givenToken, loginFlags } from '../tokenFlags.js';
import { usageError } from '../usageError.js';

export default class LoginCommand extends BaseCommand {
  static override summary = 'Log in, and show the user.';

  static override description =
    'Tokens are searched in this order: flags, profile in the configuration file, SYNAPSE_AUTH_TOKEN, AWS parameter store, ' +
    'keychain. Without a token, the terminal asks for one. Create tokens at https://www.synapse.org under Account Settings, ' +
    'Personal Access Tokens. `synapse config` saves a token in the configuration file, --remember-me in the keychain.';

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --remember-me',
    '<%= config.bin %> <%= command.id %> --auth-token-file token.txt',
    '<%= config.bin %> <%= command.id %> --username alice --password-prompt --remember-me',
  ];

  static override flags = {
    ...loginFlags,
    'password-prompt': Flags.boolean({
      description:
        'Log in with a password, and a one-time code if the account requires it. The login lasts 24 hours.',
      exclusive: ['auth-token', 'auth-token-file', 'password'],
    }),
    'remember-me': Flags.boolean({
      aliases: ['rememberMe'],
      description: 'Save the token in the keychain of the operating system for later commands.',
    }),
  };

  async run(): Promise<unknown> {
    const { flags } = await this.parse(LoginCommand);
    const remarks: string[] = [];
    const syn = await this.client(flags, { log: (message) => remarks.push(message) });
    const options: LoginOptions = {
      signal: this.signal,
      rememberMe: flags['remember-me'],
      ...givenLogin(flags),
    };
    const { login, asked } = flags['password-prompt']
      ? { login: await this.#withPassword(syn, options), asked: true }
      : await this.#withToken(syn, options, await givenToken(flags));
    const { userName, userId, source, remembered } = login;
    // This is an error, because a script may delete its only copy of the token after success.
    if (flags['remember-me'] && !remembered) {
      throw new Error(`Logged in as: ${userName} (${userId}). ${remarks.at(-1) ?? ''}`);
    }
    for (const remark of remarks) this.note(remark);
    this.log(`Logged in as: ${userName} (${userId})`);
    if (asked && !remembered) {
      this.note(
        'The login was checked but not saved: use --remember-me or `synapse config` to save it.',
      );
    }
    return { userName, userId, source, remembered };
  }

  async #withToken(
    syn: Synapse,
    options: LoginOptions,
    authToken: string | undefined,
  ): Promise<{ login: Login; asked: boolean }> {
    const given = authToken === undefined ? {} : { authToken };
    try {
      return { login: await syn.login({ ...options, ...given }), asked: false };
    } catch (error) {
      const isMissing = (error as { code?: unknown }).code === 'NO_CREDENTIALS';
      if (!isMissing || !canAsk() || this.jsonEnabled()) throw error;
    }
    const answer = await ask('Auth token:', { secret: true, signal: this.signal });
    return { login: await syn.login({ ...options, authToken: answer }), asked: true };
  }

  async #withPassword(syn: Synapse, options: LoginOptions): Promise<Login> {
    if (!canAsk())
      throw usageError(
        '--password-prompt needs a terminal. Elsewhere, set SYNAPSE_AUTH_TOKEN, or use --auth-token-file FILE.',
      );
    const username =
      options.username ?? (await ask('Synapse username:', { secret: false, signal: this.signal }));
    const password = await ask(`Password of ${username}:`, { secret: true, signal: this.signal });
    const otp = (): Promise<string> =>
      ask('One-time code of your authenticator app:', { secret: false, signal: this.signal });
    return syn.login({ ...options, username, password, otp });
  }
}
