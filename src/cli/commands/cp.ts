import { Flags, type Interfaces } from '@oclif/core';
import type { CopyOptions, CopyReport, CopyType, Failure, Synapse } from '../../index.js';
import { BaseCommand } from '../baseCommand.js';
import { exitCodes } from '../exitCodes.js';
import { idsFlag, manyEntityIds, sourcesArg } from '../flags.js';
import { pythonRepr } from '../pythonRepr.js';
import { sourcesAndDestination } from '../sourcesAndDestination.js';
import { usageError } from '../usageError.js';
import { ofKind } from '../valueKind.js';

/** The library checks the types, and says which there are. */
const usualTypes = 'file, table, link, entityview, dataset, dockerrepo';

export default class Cp extends BaseCommand {
  static override summary = 'Copy projects, folders, files or tables, with their content.';

  static override description =
    'Nothing is downloaded: files get the same content in Synapse, tables their columns and rows. Annotations, wikis and links are ' +
    'copied, and refer to the copies. A project is copied into another, existing project. A name that is taken in the destination is ' +
    'an error before anything is copied, unless --update-existing is given. It also continues a copy that was interrupted. Prints a ' +
    'line for each copy, with the id of the original and that of the copy. The exit status is 5 when something could not be copied.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn123 --destination-id syn456',
    '<%= config.bin %> <%= command.id %> syn123 --destination-id syn456 --dry-run',
    '<%= config.bin %> <%= command.id %> syn123 --version 2 --destination-id syn456 --set-provenance existing',
    '<%= config.bin %> <%= command.id %> syn123 --destination-id syn456 --exclude-types table link --update-existing',
  ];

  static override args = { id: sourcesArg('destination-id') };

  static override flags = {
    id: manyEntityIds.flag,
    'destination-id': ofKind(
      'container',
      Flags.string({
        aliases: ['destinationId', 'destinationid', 'parent-id', 'parentId', 'parentid'],
        description:
          'Synapse id of the project or folder to copy into; the same as the last argument.',
        helpValue: '<id>',
      }),
    ),
    version: Flags.integer({
      char: 'v',
      min: 1,
      description: 'Version of a file.',
      helpValue: '<number>',
      defaultHelp: () => Promise.resolve('the current one'),
    }),
    'set-provenance': Flags.string({
      aliases: ['setProvenance'],
      description:
        'Provenance of the copies of files: traceback, the file that was copied; existing, the activity of that file; none.',
      helpValue: '<name>',
      default: 'traceback',
    }),
    'update-existing': Flags.boolean({
      aliases: ['updateExisting'],
      description: 'Bring what the destination has already up to date, and copy the rest.',
    }),
    'skip-copy-annotations': Flags.boolean({
      aliases: ['skipCopyAnnotations'],
      description: 'Do not copy annotations.',
    }),
    'exclude-types': Flags.string({
      aliases: ['excludeTypes'],
      multiple: true,
      description: `Types to leave out: ${usualTypes} and so on.`,
      helpValue: '<type>',
    }),
    'skip-copy-wiki': Flags.boolean({
      aliases: ['skipCopyWiki', 'skipCopyWikiPage'],
      description: 'Do not copy wikis.',
    }),
    'update-table-ids': Flags.boolean({
      aliases: ['updateTableIds'],
      description: 'In tables, replace ids of entities that are copied by those of the copies.',
    }),
    'dry-run': Flags.boolean({
      aliases: ['dryRun'],
      description: 'Only print what would be copied, and how.',
    }),
    ...idsFlag,
  };

  readonly #notCopied: Failure[] = [];

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Cp);
    const { sources, destination } = sourcesAndDestination(
      {
        args: args.id,
        id: flags.id,
        destination: flags['destination-id'],
        readCount: this.readCount,
      },
      { argument: 'DESTINATION', flag: 'destination-id' },
    );
    if (sources.length > 1 && flags.version !== undefined) {
      throw usageError('--version takes one id. Write versions of several as syn123.4.');
    }
    const { containerOf, versionOf } = await import('../../values/ids.js');
    for (const id of sources) versionOf(id, flags.version);
    const destinationId = containerOf(destination);
    const syn = await this.connect(flags);
    this.isResumable = flags['update-existing'];
    const result = await this.forEachId(sources, 'copied', (id) =>
      this.#copy(syn, id, destinationId, flags),
    );
    if (this.#notCopied.length > 0) {
      if (!this.jsonEnabled()) {
        const { PartialFailureError } = await import('../../errors.js');
        throw new PartialFailureError('copied', this.#notCopied);
      }
      process.exitCode = exitCodes.partial;
    }
    return result;
  }

  async #copy(
    syn: Synapse,
    given: string,
    destinationId: string,
    flags: CpFlags,
  ): Promise<unknown> {
    const { versionOf } = await import('../../values/ids.js');
    const { id, version } = versionOf(given, flags.version);
    const plan = await syn.planCopy(id, {
      ...copyOptions(flags),
      destinationId,
      version,
      signal: this.signal,
    });
    if (flags['dry-run']) {
      this.log(String(plan));
      this.note('Nothing was copied: this was a dry run.');
      const isBlocked = plan.problems.length > 0 || plan.totals.actions.conflict > 0;
      if (isBlocked) process.exitCode = exitCodes.failure;
      return plan.toJSON();
    }
    const onProgress = await this.progress();
    const onLeftOut = (): void => undefined;
    const report = await plan.apply({ signal: this.signal, onProgress, onLeftOut });
    return this.#show(report, flags);
  }

  #show({ mapping, leftOut, failures, done, skipped }: CopyReport, flags: CpFlags): object {
    for (const [id, copy] of Object.entries(mapping)) {
      this.logId(flags, copy, `Copied ${id} to ${copy}`);
    }
    // Scripts read the dictionary that the Python client prints at the end.
    if (!process.stdout.isTTY && !flags.ids) this.log(pythonRepr(mapping));
    const words = [
      `${done.length} copied`,
      skipped.length > 0 && `${skipped.length} unchanged`,
      leftOut.length > 0 && `${leftOut.length} left out`,
      failures.length > 0 && `${failures.length} failed`,
    ];
    this.note(words.filter(Boolean).join(', '));
    const missed = leftOut.filter(({ because }) => because !== 'excluded');
    this.#notCopied.push(
      ...missed.map(({ id, path, reason }) => ({
        path: `${id} (${path})`,
        error: new Error(reason),
      })),
      ...failures,
    );
    return {
      mapping,
      leftOut: leftOut.map(({ id, path, because, reason }) => ({ id, path, because, reason })),
      failures: failures.map(({ path, error }) => ({ path, message: error.message })),
    };
  }
}

type CpFlags = Interfaces.InferredFlags<typeof Cp.flags>;

function copyOptions(flags: CpFlags): CopyOptions {
  const types = flags['exclude-types']?.flatMap((names) => names.split(','));
  return {
    updateExisting: flags['update-existing'],
    // The library checks these names, and says which there are.
    setProvenance: flags['set-provenance'] as CopyOptions['setProvenance'],
    excludeTypes: types as CopyType[] | undefined,
    skipCopyAnnotations: flags['skip-copy-annotations'],
    skipCopyWiki: flags['skip-copy-wiki'],
    updateTableIds: flags['update-table-ids'],
  };
}
