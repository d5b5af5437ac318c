import { Flags } from '@oclif/core';
import { UserNames } from '../../../users/userNames.js';
import { attemptEach } from '../../attemptEach.js';
import { BaseCommand } from '../../baseCommand.js';
import { printableName } from '../../printable.js';
import { teamArg } from '../../teamArg.js';
import { usageError } from '../../usageError.js';
import { ofKind } from '../../valueKind.js';

interface Decision {
  user: string;
  accepted: boolean;
}

export default class TeamRequests extends BaseCommand {
  static override summary = 'List who asks to join a team, and accept or decline them.';

  static override description =
    'Accepting makes the user a member. Without flags, lists the open requests.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> "Mouse lab"',
    '<%= config.bin %> <%= command.id %> "Mouse lab" --accept bob --decline carol',
  ];

  static override args = { team: teamArg };

  static override flags = {
    accept: ofKind(
      'user',
      Flags.string({
        description: 'Name or id of a user who becomes a member.',
        helpValue: '<user>',
        multiple: true,
        multipleNonGreedy: true,
      }),
    ),
    decline: ofKind(
      'user',
      Flags.string({
        description: 'Name or id of a user whose request is declined.',
        helpValue: '<user>',
        multiple: true,
        multipleNonGreedy: true,
      }),
    ),
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(TeamRequests);
    const { accept = [], decline = [] } = flags;
    const both = accept.find((user) => decline.includes(user));
    if (both !== undefined) throw usageError(`--accept and --decline both name ${both}.`);
    const syn = await this.connect(flags);
    const options = { signal: this.signal };
    if (accept.length + decline.length === 0) {
      const requests = await syn.teams.requests(args.team, options).toArray();
      const names = new UserNames(syn);
      const users = await names.of(
        requests.map(({ userId }) => userId),
        options,
      );
      if (requests.length === 0) this.note('Nobody asks to join the team.');
      return this.list(requests, {
        USER: ({ userId }) => users.get(userId),
        SINCE: ({ createdOn }) => createdOn,
        MESSAGE: ({ message }) => message,
      });
    }
    const decide = async (user: string, isAccepted: boolean): Promise<Decision> => {
      const found = await syn.teams.requests(args.team, { user, ...options }).toArray();
      const [request] = found;
      if (request === undefined) throw usageError(`${user} does not ask to join the team.`);
      if (isAccepted) await syn.teams.acceptRequest(request, options);
      else for (const one of found) await syn.teams.declineRequest(one, options);
      return { user, accepted: isAccepted };
    };
    const accepted = new Set(accept);
    const users = [...accepted, ...decline];
    const each = attemptEach(users, 'decided', (user) => decide(user, accepted.has(user)));
    return this.collect(each, (one) => {
      this.log(`${one.accepted ? 'Accepted' : 'Declined'}: ${printableName(one.user)}`);
      return one;
    });
  }
}
