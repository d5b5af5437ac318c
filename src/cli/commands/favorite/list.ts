import type * as M from '../../../../generated/models.js';
import { shortName } from '../../../values/shortName.js';
import { BaseCommand } from '../../baseCommand.js';
import { idsFlag } from '../../flags.js';

export default class FavoriteList extends BaseCommand {
  static override summary = 'List your favorites, the latest first.';

  static override examples = ['<%= config.bin %> <%= command.id %>'];

  static override flags = idsFlag;

  async run(): Promise<M.EntityHeader[]> {
    const { flags } = await this.parse(FavoriteList);
    const syn = await this.connect(flags);
    const listed = await this.list(
      syn.favorites.list({ signal: this.signal }),
      {
        ID: ({ id }) => id,
        TYPE: ({ type }) => shortName(type),
        NAME: ({ name }) => name,
      },
      flags,
    );
    if (listed.length === 0) this.note('You have no favorites.');
    return listed;
  }
}
