import type { ProfileLogin } from '../../index.js';
import { ask, canAsk } from '../ask.js';
import { askCredentials } from '../askCredentials.js';
import { BaseCommand } from '../baseCommand.js';
import { givenLogin } from '../givenLogin.js';
import { givenToken, loginFlags } from '../tokenFlags.js';

export default class ConfigCommand extends BaseCommand {
  static override summary = 'Save a login in the configuration file.';

  static override description =
    'The login is checked first. If it fails, nothing is written. An existing file is copied to .backup, ' +
    '.backup2 and so on. The new file is readable only by its owner. --profile names the section; the Python client reads the same ' +
    'file.';

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --profile lab',
    'cat token.txt | <%= config.bin %> <%= command.id %> --profile lab --auth-token-file -',
  ];

  static override flags = {
    ...loginFlags,
  };

  protected override readonly writesConfig = true;

  async run(): Promise<unknown> {
    const { flags } = await this.parse(ConfigCommand);
    const given = (await givenToken(flags)) ?? givenLogin({ password: flags.password }).authToken;
    const syn = await this.client(flags);
    const { username } = flags;
    const login: ProfileLogin =
      given === undefined
        ? await this.#ask(flags)
        : {
            authToken: given,
            profile: flags.profile ?? 'default',
            username,
          };
    const { userName, userId } = await syn.login({ ...login, signal: this.signal });
    const { writeLogin } = await import('../../index.js');
    const { path, backup } = await writeLogin(login, syn.config.path);
    if (backup !== undefined) this.note(`The previous file was saved as ${backup}.`);
    this.log(`Logged in as: ${userName} (${userId})`);
    this.log(`Profile ${login.profile ?? 'default'} is in ${path}`);
    return { userName, userId, profile: login.profile, path, backup };
  }

  async #ask(known: { username?: string; profile?: string }): Promise<ProfileLogin> {
    const { NoCredentialsError } = await import('../../errors.js');
    if (!canAsk() || this.jsonEnabled()) {
      throw new NoCredentialsError(
        'There is no terminal that could ask for the token. Name a file that has it with --auth-token-file; - is standard input.',
      );
    }
    return askCredentials(
      (question, options) => ask(question, { ...options, signal: this.signal }),
      known,
    );
  }
}
