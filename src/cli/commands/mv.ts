import { Flags } from '@oclif/core';
import { BaseCommand } from '../baseCommand.js';
import { entityFlag } from '../flags.js';

export default class Mv extends BaseCommand {
  static override summary = 'Move an entity into another project or folder.';

  static override examples = ['<%= config.bin %> <%= command.id %> --id syn456 --parent-id syn123'];

  static override flags = {
    id: entityFlag,
    'parent-id': Flags.string({
      aliases: ['parentId', 'parentid'],
      required: true,
      description: 'Synapse id of the project or folder to move it to.',
      helpValue: '<id>',
    }),
  };

  async run(): Promise<unknown> {
    const { flags } = await this.parse(Mv);
    const syn = await this.connect(flags);
    const moved = await syn.move(flags.id, flags['parent-id'], { signal: this.signal });
    this.log(`Moved ${moved.id} to ${flags['parent-id']}`);
    return { id: moved.id, parentId: flags['parent-id'] };
  }
}
