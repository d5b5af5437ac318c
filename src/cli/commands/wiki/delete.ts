import { Flags } from '@oclif/core';
import { BaseCommand } from '../../baseCommand.js';
import { entityArg, yesFlag } from '../../flags.js';

export default class WikiDelete extends BaseCommand {
  static override summary = 'Delete a page of a wiki, and all pages below it.';

  static override description =
    'The pages are deleted permanently, with their histories. Asks for confirmation, unless --yes is given.';

  static override examples = ['<%= config.bin %> <%= command.id %> syn123 --page 456 --yes'];

  static override args = { id: entityArg };

  static override flags = {
    page: Flags.string({ description: 'Id of the page.', helpValue: '<id>', required: true }),
    ...yesFlag,
  };

  async run(): Promise<{ id: string; deleted: boolean }> {
    const { args, flags } = await this.parse(WikiDelete);
    const { page: id } = flags;
    const { id: ownerId } = args;
    const { versionOf } = await import('../../../values/ids.js');
    versionOf(ownerId, undefined);
    const question = `Delete the wiki page ${id} and all pages below it permanently?`;
    const deleted = flags.yes || (await this.confirm(question, 'add --yes to delete the page'));
    if (deleted) {
      const syn = await this.connect(flags);
      // Deleting a page that is not there would succeed.
      await syn.services.wiki.getEntityWikiPage({ ownerId, wikiId: id }, { signal: this.signal });
      await syn.wiki.delete(ownerId, id, { signal: this.signal });
    }
    this.log(deleted ? `Deleted wiki page: ${id}` : `Did not delete ${id}`);
    return { id, deleted };
  }
}
