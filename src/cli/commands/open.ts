import { Args, Flags, type Interfaces } from '@oclif/core';
import { BaseCommand } from '../baseCommand.js';
import { usageError } from '../usageError.js';
import { ofKind } from '../valueKind.js';

interface Opened {
  url: string;
  /** Whether a browser was started. */
  opened: boolean;
}

export default class Open extends BaseCommand {
  static override summary = 'Open the page of an entity, a team or a user in the browser.';

  static override description =
    'Without a desktop, and when the output goes to a file or a pipe, the address is printed instead. The environment variable ' +
    'BROWSER names another browser than that of the desktop; with BROWSER=none, none is started.';

  static override hiddenAliases = ['onweb'];

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn123',
    '<%= config.bin %> <%= command.id %> syn123.4',
    '<%= config.bin %> <%= command.id %> syn123 --page 456',
    '<%= config.bin %> <%= command.id %> --team "Mouse lab"',
    '<%= config.bin %> <%= command.id %> syn123 --print',
  ];

  static override args = {
    id: ofKind(
      'entity',
      Args.string({ description: 'Synapse id, such as syn123, or syn123.4 for a version.' }),
    ),
  };

  static override flags = {
    page: Flags.string({ description: 'Id of a page of its wiki.', helpValue: '<id>' }),
    team: ofKind(
      'team',
      Flags.string({
        description: 'Open the page of a team: its id or name.',
        helpValue: '<team>',
      }),
    ),
    user: ofKind(
      'user',
      Flags.string({ description: 'Open the page of a user: an id or name.', helpValue: '<user>' }),
    ),
    print: Flags.boolean({ aliases: ['url'], description: 'Print the address; start no browser.' }),
  };

  async run(): Promise<Opened> {
    const { args, flags } = await this.parse(Open);
    const { id } = args;
    const { page, team, user } = flags;
    const given = [id, team, user].filter((one) => one !== undefined);
    if (given.length !== 1) {
      throw usageError(
        given.length === 0
          ? 'Missing ID, --team or --user'
          : 'ID, --team and --user are pages of their own: give one of them.',
      );
    }
    if (page !== undefined && (id === undefined || !/^\d+$/.test(page))) {
      throw usageError('--page takes the number of a page of the wiki of ID.');
    }
    const url = await this.#url(flags, id);
    const problem = flags.print ? '' : await start(url);
    if (problem) this.note(`No browser was started: ${problem}.`);
    if (problem !== undefined) this.log(url);
    else this.note(`Opened ${url}`);
    return { url, opened: problem === undefined };
  }

  /** The address of an entity needs no login and no request. */
  async #url(flags: OpenFlags, id: string | undefined): Promise<string> {
    if (id !== undefined) return (await this.client(flags)).onweb(id, flags.page);
    const { clientSettings } = await import('../../auth/clientSettings.js');
    const { portal } = clientSettings(this.clientOptions(flags));
    const syn = await this.connect(flags, { anonymous: true });
    const options = { signal: this.signal };
    const { team, user } = flags;
    return team === undefined
      ? `${portal}Profile:${(await syn.users.get(user, options)).ownerId}`
      : `${portal}Team:${(await syn.teams.get(team, options)).id}`;
  }
}

/** @returns `undefined` when a browser was started, an empty text when none should be, else why it was not */
async function start(url: string): Promise<string | undefined> {
  const { BROWSER } = process.env;
  if (!process.stdout.isTTY && !BROWSER) return '';
  const { browserCommand } = await import('../browserCommand.js');
  const browser = browserCommand(url, { platform: process.platform, environment: process.env });
  if (browser === undefined) return '';
  const { openBrowser } = await import('../openBrowser.js');
  return openBrowser(browser);
}

type OpenFlags = Interfaces.InferredFlags<typeof Open.flags & typeof Open.baseFlags>;
