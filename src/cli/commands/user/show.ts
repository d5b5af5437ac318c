import { Args } from '@oclif/core';
import type * as M from '../../../../generated/models.js';
import type { UserFlags } from '../../../index.js';
import { BaseCommand } from '../../baseCommand.js';
import { propertyLines } from '../../propertyLines.js';
import { ofKind } from '../../valueKind.js';

export default class UserShow extends BaseCommand {
  static override summary = 'Show the profile of a user, by default your own.';

  static override description = 'Prints a line for each property that the user has made public.';

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> alice --json',
  ];

  static override args = {
    user: ofKind('user', Args.string({ description: 'Id or name of the user. Default: you.' })),
  };

  async run(): Promise<M.UserProfile & UserFlags> {
    const { args, flags } = await this.parse(UserShow);
    const syn = await this.connect(flags, { anonymous: args.user !== undefined });
    const options = { signal: this.signal };
    const profile = await syn.users.get(args.user, options);
    const has = await syn.users.flags(args.user === undefined ? undefined : profile, options);
    this.log(describe(profile, has));
    return { ...profile, ...has };
  }
}

function describe(profile: M.UserProfile, has: UserFlags): string {
  const { ownerId = '', userName = ownerId, firstName, lastName } = profile;
  return propertyLines({
    User: `${userName} (${ownerId})`,
    Name: [firstName, lastName].filter(Boolean).join(' '),
    Email: profile.emails?.join(', '),
    Position: profile.position,
    Company: profile.company,
    Location: profile.location,
    Website: profile.url,
    Certified: has.isCertified ? 'yes' : 'no',
    Verified: has.isVerified ? 'yes' : 'no',
    About: profile.summary,
  });
}
