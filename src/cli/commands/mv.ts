import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../baseCommand.js';
import { entityIds, onlyOne, required } from '../flags.js';

export default class Mv extends BaseCommand {
  static override summary = 'Move an entity into another project or folder.';

  static override examples = ['<%= config.bin %> <%= command.id %> syn456 syn123'];

  static override args = {
    id: entityIds.arg,
    parent: Args.string({
      description: 'Synapse id of the project or folder to move it to.',
    }),
  };

  static override flags = {
    id: entityIds.flag,
    'parent-id': Flags.string({
      aliases: ['parentId', 'parentid'],
      description:
        'Synapse id of the project or folder to move it to; the same as the second argument.',
      helpValue: '<id>',
    }),
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Mv);
    const { containerOf, currentOf } = await import('../../values/ids.js');
    const { ID, PARENT } = required({
      ID: onlyOne(args.id, flags.id),
      PARENT: onlyOne(args.parent, flags['parent-id'], 'parent-id'),
    });
    const id = currentOf(ID, 'all versions of an entity are moved');
    const parentId = containerOf(PARENT);
    const syn = await this.connect(flags);
    const moved = await syn.move(id, parentId, { signal: this.signal });
    this.log(`Moved ${moved.id} to ${parentId}`);
    return { id: moved.id, parentId };
  }
}
