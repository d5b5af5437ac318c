import { Flags } from '@oclif/core';
import { ask, canAsk } from '../../ask.js';
import { BaseCommand } from '../../baseCommand.js';
import { entityArg } from '../../flags.js';
import { usageError } from '../../usageError.js';

export default class WikiDelete extends BaseCommand {
  static override summary = 'Delete a page of a wiki, and all pages below it.';

  static override description =
    'The pages are deleted permanently, with their histories. Asks for confirmation, unless --yes is given.';

  static override examples = ['<%= config.bin %> <%= command.id %> syn123 --page 456 --yes'];

  static override args = { id: entityArg };

  static override flags = {
    page: Flags.string({ description: 'Id of the page.', helpValue: '<id>', required: true }),
    yes: Flags.boolean({ char: 'y', description: 'Do not ask for confirmation.' }),
  };

  async run(): Promise<{ id: string; deleted: boolean }> {
    const { args, flags } = await this.parse(WikiDelete);
    const { page: id } = flags;
    const deleted = flags.yes || (await this.#confirm(id));
    if (deleted) {
      const syn = await this.connect(flags);
      // Deleting a page that is not there would succeed.
      await syn.services.wiki.getEntityWikiPage(
        { ownerId: args.id, wikiId: id },
        { signal: this.signal },
      );
      await syn.wiki.delete(args.id, id, { signal: this.signal });
    }
    this.log(deleted ? `Deleted wiki page: ${id}` : `Did not delete ${id}`);
    return { id, deleted };
  }

  async #confirm(id: string): Promise<boolean> {
    if (!canAsk() || this.jsonEnabled()) {
      throw usageError('No terminal to ask for confirmation: add --yes to delete the page.');
    }
    const question = `Delete the wiki page ${id} and all pages below it permanently? (y/N)`;
    const answer = await ask(question, { secret: false, signal: this.signal });
    return /^y(?:es)?$/i.test(answer.trim());
  }
}
