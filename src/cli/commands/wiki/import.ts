import { Args, Flags } from '@oclif/core';
import type { Synapse, WikiImport as Result } from '../../../index.js';
import { BaseCommand } from '../../baseCommand.js';
import { entityArg } from '../../flags.js';
import { printableName } from '../../printable.js';
import { withMessages } from '../../wikiFolderResult.js';
import { ofKind } from '../../valueKind.js';

const words = { create: 'Created', update: 'Updated', keep: 'Unchanged' } as const;

export default class WikiImport extends BaseCommand {
  static override summary = 'Make a wiki of a folder: of an export, or of Markdown files.';

  static override description =
    'Only what is different is sent, and pages are updated in place: a second import changes nothing. Titles of new files are their ' +
    'first headings, links between files become links between pages, and linked images become attachments. A page that was changed ' +
    'in Synapse since the export is not overwritten. Prints one line per changed page. What could not be imported is listed at the ' +
    'end, with status 5.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> wiki syn123 --dry-run',
    '<%= config.bin %> <%= command.id %> docs syn123',
  ];

  static override args = {
    directory: ofKind('directory', Args.string({ description: 'Folder.', required: true })),
    id: entityArg,
  };

  static override flags = {
    'dry-run': Flags.boolean({
      aliases: ['dryRun'],
      description: 'Print what would be done, and change nothing.',
    }),
    overwrite: Flags.boolean({
      description: 'Replace pages that were changed in Synapse since the export.',
    }),
    delete: Flags.boolean({
      description:
        'Delete pages permanently, and remove attachments, whose files are no longer in the folder.',
    }),
    yes: Flags.boolean({
      char: 'y',
      description: 'Do not ask for confirmation.',
      dependsOn: ['delete'],
    }),
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(WikiImport);
    this.isResumable = true;
    const syn = await this.connect(flags);
    const settings = {
      overwrite: flags.overwrite,
      delete: flags.delete,
      signal: this.signal,
      onProgress: await this.progress(),
    };
    const isSure = flags['dry-run'] || flags.yes || !flags.delete;
    if (!isSure && !(await this.#confirm(syn, args, settings))) {
      this.log('Imported nothing.');
      return { pages: [], deleted: [] };
    }
    const options = { ...settings, dryRun: flags['dry-run'] };
    const result = await syn.wiki.import(args.directory, args.id, options);
    this.#print(result, flags['dry-run']);
    await this.throwFailed('imported', result.failures, withMessages(result));
    return withMessages(result);
  }

  async #confirm(
    syn: Synapse,
    { directory, id }: { directory: string; id: string },
    settings: { delete: boolean; overwrite: boolean; signal: AbortSignal },
  ): Promise<boolean> {
    const { deleted } = await syn.wiki.import(directory, id, { ...settings, dryRun: true });
    if (deleted.length === 0) return true;
    const question = `Delete the wiki pages ${deleted.join(', ')} permanently?`;
    return this.confirm(question, 'add --yes to delete pages');
  }

  #print({ pages, deleted, kept, isReordered, warnings }: Result, isDryRun: boolean): void {
    const changed = pages.filter(({ action }) => action !== 'keep');
    for (const { action, file, id = '', changes } of changed) {
      const what = changes.length === 0 ? '' : `\t${changes.join(', ')}`;
      this.log(`${words[action]} wiki page: ${id}\t${printableName(file)}${what}`);
    }
    for (const id of deleted) this.log(`Deleted wiki page: ${id}`);
    for (const id of kept) this.note(`Kept the wiki page ${id}: its file is gone.`);
    if (isReordered) this.note('Set the order of the pages.');
    for (const warning of warnings) this.note(printableName(warning));
    const same = pages.length - changed.length;
    this.note(`${same} of ${pages.length} pages are up to date.`);
    if (isDryRun) this.note('This was a dry run: nothing was changed.');
  }
}
