import { Args } from '@oclif/core';
import { attemptEach } from '../../attemptEach.js';
import { BaseCommand } from '../../baseCommand.js';
import { printableName } from '../../printable.js';
import { ofKind } from '../../valueKind.js';

export default class FavoriteAdd extends BaseCommand {
  static override summary = 'Mark entities as favorites.';

  static override description = 'Prints the id and the name of each.';

  static override examples = ['<%= config.bin %> <%= command.id %> syn123 syn456'];

  static override args = {
    id: ofKind(
      'entity',
      Args.string({
        description: 'Synapse ids, such as syn123.',
        required: true,
        multiple: true,
      }),
    ),
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(FavoriteAdd);
    const syn = await this.connect(flags);
    const each = attemptEach(args.id, 'marked', (id) =>
      syn.favorites.add(id, { signal: this.signal }),
    );
    return this.collect(each, (header) => {
      this.log(`Favorite: ${header.id}\t${printableName(header.name)}`);
      return header;
    });
  }
}
