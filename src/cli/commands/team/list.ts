import { Flags } from '@oclif/core';
import type { Invitation, Synapse, Team } from '../../../index.js';
import { UserNames } from '../../../users/userNames.js';
import { BaseCommand } from '../../baseCommand.js';
import { ofKind } from '../../valueKind.js';
import { idsFlag } from '../../flags.js';

export default class TeamList extends BaseCommand {
  static override summary = 'List your teams, those of a user, or those with a name.';

  static override description =
    'Without flags, lists the teams that you are a member of. --search takes the beginning of a name.';

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --user alice',
    '<%= config.bin %> <%= command.id %> --search "Mouse"',
    '<%= config.bin %> <%= command.id %> --invited',
  ];

  static override flags = {
    user: ofKind(
      'user',
      Flags.string({ description: 'Id or name of a user.', helpValue: '<user>' }),
    ),
    search: Flags.string({
      description: 'Beginning of the names of teams. Case does not matter.',
      helpValue: '<text>',
      exclusive: ['user'],
    }),
    invited: Flags.boolean({
      description: 'The teams that you are invited to. `team join` accepts an invitation.',
      exclusive: ['user', 'search'],
    }),
    ...idsFlag,
  };

  async run(): Promise<(Invitation | Team)[]> {
    const { flags } = await this.parse(TeamList);
    const { search, user } = flags;
    if (flags.invited) return this.#listInvitations(await this.connect(flags), flags);
    const isPublic = search !== undefined || user !== undefined;
    const syn = await this.connect(flags, { anonymous: isPublic });
    const options = { signal: this.signal };
    const teams =
      search === undefined ? syn.teams.list(user, options) : syn.teams.search(search, options);
    const listed = await this.list(teams, { ID: ({ id }) => id, NAME: ({ name }) => name }, flags);
    if (listed.length === 0) this.note('There are no such teams.');
    return listed;
  }

  async #listInvitations(syn: Synapse, flags: { ids?: boolean }): Promise<Invitation[]> {
    const options = { signal: this.signal };
    const invitations = await syn.teams.myInvitations(options).toArray();
    if (invitations.length === 0) this.note('You are not invited to a team.');
    const ids = invitations.map(({ teamId }) => teamId);
    const names = await new UserNames(syn).of(ids, options);
    return this.list(
      invitations,
      {
        ID: ({ teamId }) => teamId,
        NAME: ({ teamId }) => names.get(teamId),
        MESSAGE: ({ message }) => message,
        EXPIRES: ({ expiresOn }) => expiresOn,
      },
      flags,
    );
  }
}
