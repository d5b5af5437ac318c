import { sourceText } from '../../../auth/sourceText.js';
import { BaseCommand } from '../../baseCommand.js';
import { givenLogin } from '../../givenLogin.js';

export default class AuthStatus extends BaseCommand {
  static override summary = 'Show the current login: user, source and scopes.';

  static override description =
    'Tokens are searched in this order: profile in the configuration file, SYNAPSE_AUTH_TOKEN, AWS parameter store, keychain. ' +
    'The exit status is 3 when there is no login.';

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --profile lab --json',
  ];

  async run(): Promise<unknown> {
    const { flags } = await this.parse(AuthStatus);
    const syn = await this.client(flags);
    const login = await syn.login({ ...givenLogin(flags), signal: this.signal });
    const { userName, userId, source, profile, scopes, expiresOn } = login;
    const configPath = syn.config.path;
    const isVariableIgnored = source !== 'environment' && !!process.env['SYNAPSE_AUTH_TOKEN'];
    const lines = [
      ['Logged in as', `${userName} (${userId})`],
      ['Token from', sourceText(login, configPath)],
      ['Scopes', scopes?.join(', ') ?? 'unknown, the token does not list them'],
      ['Valid until', expiresOn?.toISOString() ?? 'revoked, or 180 days after its last use'],
    ];
    for (const [what = '', value = ''] of lines) this.log(`${`${what}:`.padEnd(14)}${value}`);
    if (isVariableIgnored) this.note('SYNAPSE_AUTH_TOKEN is also set, but not used.');
    return {
      userName,
      userId,
      source,
      profile,
      configPath: source === 'config' ? configPath : undefined,
      scopes,
      expiresOn,
      isVariableIgnored,
    };
  }
}
