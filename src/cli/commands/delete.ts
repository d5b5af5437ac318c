import { BaseCommand } from '../baseCommand.js';
import { entityArg, versionFlag } from '../flags.js';

export default class Delete extends BaseCommand {
  static override summary = 'Move an entity to the trash can, or delete one version of it.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn456',
    '<%= config.bin %> <%= command.id %> syn456 --version 3',
  ];

  static override args = { id: entityArg };

  static override flags = versionFlag;

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Delete);
    const { version } = flags;
    const syn = await this.connect(flags);
    await syn.delete(args.id, { signal: this.signal, ...(version !== undefined && { version }) });
    this.log(
      version === undefined
        ? `Deleted entity: ${args.id}`
        : `Deleted entity ${args.id}, version ${version}`,
    );
    return { id: args.id, ...(version !== undefined && { version }) };
  }
}
