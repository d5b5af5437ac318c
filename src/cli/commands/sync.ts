import { Args, Flags, type Interfaces } from '@oclif/core';
import type { SyncPlan, SyncReport, Synapse } from '../../index.js';
import { parentFlag, idsFlag } from '../flags.js';
import { limitRateFlag } from '../transferFlags.js';
import { UploadCommand } from '../uploadCommand.js';
import { deleteFlags, uploadFlags } from '../uploadFlags.js';
import { usageError } from '../usageError.js';
import { ofKind } from '../valueKind.js';

export default class Sync extends UploadCommand {
  static override summary = 'Upload the files of a manifest or of a directory.';

  static override description =
    'Only what is different in Synapse is sent: a second run changes nothing. A manifest is checked as a whole: all its problems are ' +
    'listed, with status 2, before anything is stored. Files that fail later are listed at the end, with status 5; the others are ' +
    'stored.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> manifest.csv --dry-run',
    '<%= config.bin %> <%= command.id %> manifest.csv',
    '<%= config.bin %> <%= command.id %> results --parent-id syn123 --delete',
    '<%= config.bin %> <%= command.id %> manifest.csv --plan plan.json',
    '<%= config.bin %> <%= command.id %> --apply plan.json',
  ];

  static override args = {
    file: ofKind(
      'file',
      Args.string({ description: 'Manifest (CSV or TSV, - is standard input), or directory.' }),
    ),
  };

  static override flags = {
    ...parentFlag,
    ...uploadFlags,
    ...deleteFlags,
    apply: ofKind(
      'file',
      Flags.string({
        description: 'Apply a plan that --plan has kept.',
        helpValue: '<file>',
        exclusive: ['plan', 'delete', 'parent-id'],
      }),
    ),
    'no-merge-annotations': Flags.boolean({
      aliases: ['noMergeAnnotations'],
      description: 'Remove annotations that the manifest has no value for.',
    }),
    'associate-activity': Flags.boolean({
      aliases: ['associateActivity', 'associate-activity-to-new-version'],
      description:
        'Keep the provenance of files that get other content, where the manifest names none.',
    }),
    'skip-invalid': Flags.boolean({
      aliases: ['skipInvalid'],
      description: 'Store the valid rows of a manifest that has problems.',
    }),
    'safe-names': Flags.boolean({
      aliases: ['safeNames'],
      description: 'Store files whose names Synapse does not accept under similar names.',
    }),
    retries: Flags.integer({
      description: 'How often a file is tried again after a failure that can pass.',
      helpValue: '<number>',
      default: 4,
      min: 0,
    }),
    'send-messages': Flags.boolean({
      aliases: ['sendMessages'],
      description: 'Send yourself a message (email) when it is done or has failed.',
    }),
    ...limitRateFlag,
    ...idsFlag,
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Sync);
    const source = args.file ?? flags.apply;
    if (source === undefined) throw usageError('Name the manifest or directory, or pass --apply.');
    if (args.file !== undefined && flags.apply !== undefined) {
      throw usageError('--apply takes the plan instead of a manifest or directory.');
    }
    // Standard input cannot be read twice.
    this.isResumable = source !== '-';
    const syn = await this.connect(flags);
    const plan =
      flags.apply === undefined
        ? await this.#plan(syn, source, flags)
        : await syn.sync.readPlan(source);
    if (flags['dry-run'] || flags.plan !== undefined) return this.showPlan(plan, flags);
    const report = await this.applyPlan(plan, flags, {
      retries: flags.retries,
      sendMessages: flags['send-messages'],
    });
    const result = this.#result(report);
    const isDownload = plan.data.direction === 'download';
    await this.throwFailures(report, result, isDownload ? 'downloaded' : 'stored');
    return result;
  }

  #plan(syn: Synapse, source: string, flags: SyncFlags): Promise<SyncPlan> {
    return syn.sync.planUpload(source, flags['parent-id'], {
      signal: this.signal,
      mergeAnnotations: !flags['no-merge-annotations'],
      associateActivityToNewVersion: flags['associate-activity'],
      skipInvalid: flags['skip-invalid'],
      safeNames: flags['safe-names'],
      delete: flags.delete,
      force: flags.force,
      include: flags.include,
      exclude: flags.exclude,
      shard: flags.shard,
    });
  }

  #result({ failures, ...report }: SyncReport): object {
    return {
      ...report,
      failures: failures.map(({ path, error }) => ({ path, message: error.message })),
    };
  }
}

type SyncFlags = Interfaces.InferredFlags<typeof Sync.flags & typeof Sync.baseFlags>;
