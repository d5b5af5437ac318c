import { attemptIds } from '../../attemptIds.js';
import { BaseCommand } from '../../baseCommand.js';
import { entitiesArg } from '../../flags.js';
import { printableName } from '../../printable.js';

export default class FavoriteAdd extends BaseCommand {
  static override summary = 'Mark entities as favorites.';

  static override description = 'Prints the id and the name of each.';

  static override examples = ['<%= config.bin %> <%= command.id %> syn123 syn456'];

  static override args = { id: entitiesArg };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(FavoriteAdd);
    const syn = await this.connect(flags);
    const each = attemptIds(args.id, 'marked', (id) =>
      syn.favorites.add(id, { signal: this.signal }),
    );
    return this.collect(each, (header) => {
      this.log(`Favorite: ${header.id}\t${printableName(header.name)}`);
      return header;
    });
  }
}
