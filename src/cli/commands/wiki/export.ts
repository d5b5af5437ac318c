import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../baseCommand.js';
import { entityArg } from '../../flags.js';
import { printableName } from '../../printable.js';
import { withMessages } from '../../wikiFolderResult.js';
import { ofKind } from '../../valueKind.js';

export default class WikiExport extends BaseCommand {
  static override summary = 'Write a wiki to a folder of Markdown files with attachments.';

  static override description =
    'Sub-pages are in a folder of the page\'s name, attachments in a folder beside ("Home.files"). wiki.json has the ids, titles and ' +
    'order, so that "wiki import" makes the same wiki. Exporting again to the same folder fetches what has changed; files that were ' +
    'changed in the folder are kept. Prints one line per page: id and file. What could not be exported is listed at the end, with ' +
    'status 5.';

  static override examples = ['<%= config.bin %> <%= command.id %> syn123 wiki'];

  static override args = {
    id: entityArg,
    directory: ofKind(
      'directory',
      Args.string({ description: 'Folder. It is created.', required: true }),
    ),
  };

  static override flags = {
    overwrite: Flags.boolean({
      description: 'Replace files that are in the folder, and files that were changed there.',
    }),
    delete: Flags.boolean({
      description: 'Remove unchanged files of pages that are no longer in Synapse.',
    }),
    links: Flags.string({
      description:
        'Links between pages: relative links to the files, or as they are in Synapse. Both are the same after an import.',
      options: ['relative', 'synapse'] as const,
      default: 'relative',
    }),
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(WikiExport);
    this.isResumable = true;
    const syn = await this.connect(flags, { anonymous: true });
    const result = await syn.wiki.export(args.id, args.directory, {
      overwrite: flags.overwrite,
      delete: flags.delete,
      links: flags.links === 'synapse' ? 'synapse' : 'relative',
      signal: this.signal,
      onProgress: await this.progress(),
    });
    for (const { id, file } of result.pages) this.log(`${id}\t${printableName(file)}`);
    for (const file of result.deleted) this.note(`Removed ${printableName(file)}`);
    for (const file of result.kept) {
      this.note(`Kept ${printableName(file)}: its page is no longer in Synapse.`);
    }
    this.note(
      `Wrote ${result.written.length} files to ${printableName(result.directory)}; the others are up to date.`,
    );
    await this.throwFailed('exported', result.failures, withMessages(result));
    return withMessages(result);
  }
}
