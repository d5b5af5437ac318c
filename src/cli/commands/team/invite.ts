import { Args, Flags } from '@oclif/core';
import type { InviteResult } from '../../../index.js';
import { attemptEach } from '../../attemptEach.js';
import { BaseCommand } from '../../baseCommand.js';
import { printableName } from '../../printable.js';
import { teamArg } from '../../teamArg.js';
import { ofKind } from '../../valueKind.js';

const words: Readonly<Record<InviteResult['state'], string>> = {
  invited: 'Invited',
  replaced: 'Invited again',
  open: 'Already invited',
  member: 'Already a member',
  failed: 'Not invited',
};

export default class TeamInvite extends BaseCommand {
  static override summary = 'Invite users and owners of email addresses to a team.';

  static override description =
    'An open invitation is replaced. The exit status is 5 when some of several could not be invited.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> "Mouse lab" bob carol@example.org --message "Welcome"',
    '<%= config.bin %> <%= command.id %> "Mouse lab" bob --withdraw',
  ];

  static override args = {
    team: teamArg,
    invitee: ofKind(
      'user',
      Args.string({
        description: 'User names, user ids and email addresses.',
        required: true,
        multiple: true,
      }),
    ),
  };

  static override flags = {
    message: Flags.string({ description: 'Text for the invitees.', helpValue: '<text>' }),
    expires: Flags.string({
      description: 'Time after which the invitations are void, such as 2030-01-31.',
      helpValue: '<time>',
    }),
    'keep-open': Flags.boolean({ description: 'Do not replace open invitations.' }),
    withdraw: Flags.boolean({
      description: 'Withdraw the open invitations instead.',
      exclusive: ['message', 'expires', 'keep-open'],
    }),
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(TeamInvite);
    return flags.withdraw ? this.#withdraw(args, flags) : this.#invite(args, flags);
  }

  async #invite(
    { team, invitee }: { team: string; invitee: string[] },
    flags: Parameters<BaseCommand['connect']>[0] & {
      message?: string | undefined;
      expires?: string | undefined;
      'keep-open'?: boolean;
    },
  ): Promise<unknown> {
    const { message, expires: expiresOn } = flags;
    const syn = await this.connect(flags);
    const options = { message, expiresOn, force: flags['keep-open'] !== true, signal: this.signal };
    const results = await syn.teams.invite(team, invitee, options);
    const each = attemptEach(invitee, 'invited', (one) => resultOf(one, results));
    return this.collect(each, (result) => {
      this.log(`${words[result.state]}: ${printableName(result.invitee)}`);
      return result;
    });
  }

  async #withdraw(
    { team, invitee }: { team: string; invitee: string[] },
    flags: Parameters<BaseCommand['connect']>[0],
  ): Promise<unknown> {
    const syn = await this.connect(flags);
    const each = attemptEach(invitee, 'withdrawn', async (one) => {
      const withdrawn = await syn.teams.uninvite(team, one, { signal: this.signal });
      return { invitee: one, withdrawn: withdrawn.length };
    });
    return this.collect(each, (result) => {
      const word = result.withdrawn === 0 ? 'Not invited' : 'Withdrew the invitation of';
      this.log(`${word}: ${printableName(result.invitee)}`);
      return result;
    });
  }
}

function resultOf(invitee: string, results: readonly InviteResult[]): Promise<InviteResult> {
  const result = results.find((one) => one.invitee === invitee.trim());
  if (result === undefined) return Promise.reject(new Error(`No result for ${invitee}`));
  return result.error === undefined ? Promise.resolve(result) : Promise.reject(result.error);
}
