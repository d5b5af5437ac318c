import { benefactorFlag, principalArg } from '../../accessFlags.js';
import { accessTargetArg, readTarget } from '../../accessTargetArg.js';
import { BaseCommand } from '../../baseCommand.js';
import { printable } from '../../printable.js';

export default class AccessRevoke extends BaseCommand {
  static override summary = 'Take all access from a user, a team or everybody.';

  static override description =
    'Access that a user has through a team, or as everybody, stays: see `access why`.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn123 bob',
    '<%= config.bin %> <%= command.id %> syn123 PUBLIC',
  ];

  static override args = { id: accessTargetArg, principal: principalArg };

  static override flags = { ...benefactorFlag };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(AccessRevoke);
    const target = readTarget(args.id);
    const syn = await this.connect(flags);
    const acl = await syn.access.remove(target, args.principal, {
      modifyBenefactor: flags['modify-benefactor'],
      signal: this.signal,
    });
    this.log(`Revoked all access on ${args.id} from ${printable(args.principal)}`);
    return acl;
  }
}
