import { attemptIds } from '../../attemptIds.js';
import { BaseCommand } from '../../baseCommand.js';
import { entitiesArg } from '../../flags.js';

export default class FavoriteRemove extends BaseCommand {
  static override summary = 'Remove entities from your favorites.';

  static override description =
    'The entities themselves stay. It is no error when one is no favorite.';

  static override examples = ['<%= config.bin %> <%= command.id %> syn123 syn456'];

  static override args = { id: entitiesArg };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(FavoriteRemove);
    const syn = await this.connect(flags);
    const each = attemptIds(args.id, 'removed', async (id) => {
      await syn.favorites.remove(id, { signal: this.signal });
      return { id };
    });
    return this.collect(each, (one) => {
      this.log(`No favorite any more: ${one.id}`);
      return one;
    });
  }
}
