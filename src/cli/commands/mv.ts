import { Flags } from '@oclif/core';
import { BaseCommand } from '../baseCommand.js';
import { manyEntityIds, sourcesArg } from '../flags.js';
import { sourcesAndDestination } from '../sourcesAndDestination.js';
import { ofKind } from '../valueKind.js';

export default class Mv extends BaseCommand {
  static override summary = 'Move entities into another project or folder.';

  static override description =
    'Their content, versions and ids stay the same. They inherit the access of the new place, unless they have sharing settings of their own.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn456 syn123',
    '<%= config.bin %> <%= command.id %> syn456 syn457 "syn://Mouse study/raw"',
  ];

  static override args = { id: sourcesArg('parent-id') };

  static override flags = {
    id: manyEntityIds.flag,
    'parent-id': ofKind(
      'container',
      Flags.string({
        aliases: ['parentId', 'parentid'],
        description:
          'Synapse id of the project or folder to move it to; the same as the last argument.',
        helpValue: '<id>',
      }),
    ),
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Mv);
    const { containerOf, currentOf } = await import('../../values/ids.js');
    const { sources, destination } = sourcesAndDestination(
      { args: args.id, id: flags.id, destination: flags['parent-id'], readCount: this.readCount },
      { argument: 'PARENT', flag: 'parent-id' },
    );
    const ids = sources.map((id) => currentOf(id, 'all versions of an entity are moved'));
    const parentId = containerOf(destination);
    const syn = await this.connect(flags);
    return this.forEachId(ids, 'moved', async (id) => {
      const moved = await syn.move(id, parentId, { signal: this.signal });
      this.log(`Moved ${moved.id} to ${parentId}`);
      return { id: moved.id, parentId };
    });
  }
}
