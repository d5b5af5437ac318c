import type { Logout } from '../../index.js';
import { BaseCommand } from '../baseCommand.js';
import { forgetLists } from '../completion/forgetLists.js';

export default class LogoutCommand extends BaseCommand {
  static override summary = 'Remove the token from the keychain.';

  static override description =
    'The token itself stays valid: revoke it at https://www.synapse.org under Account Settings, Personal Access Tokens. ' +
    'Tokens in the configuration file and in SYNAPSE_AUTH_TOKEN are not removed.';

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --profile lab',
  ];

  async run(): Promise<Logout> {
    const { flags } = await this.parse(LogoutCommand);
    const syn = await this.client(flags);
    const ended = await syn.logout();
    await forgetLists();
    if (ended.keychain === 'unavailable') {
      this.#noteOthers(ended.profile, syn.config);
      throw new Error(
        `The keychain cannot be used (${ended.reason ?? ''}), so a token in it was not removed.`,
      );
    }
    this.log(
      ended.keychain === 'removed'
        ? `Removed the token of profile ${ended.profile} from the keychain.`
        : `The keychain has no token of profile ${ended.profile}.`,
    );
    this.#noteOthers(ended.profile, syn.config);
    return ended;
  }

  #noteOthers(profile: string, config: { path: string; login(profile: string): unknown }): void {
    if (config.login(profile)) this.note(`${config.path} still has a login for that profile.`);
    if (process.env['SYNAPSE_AUTH_TOKEN']) this.note('SYNAPSE_AUTH_TOKEN is still set.');
  }
}
