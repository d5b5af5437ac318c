import { Args, Flags, type Interfaces } from '@oclif/core';
import type {
  Collision,
  DownloadItem,
  Entity,
  File,
  PlanDownloadOptions,
  Progress,
  Stored,
  Synapse,
} from '../../index.js';
import { isSynapseId } from '../../values/ids.js';
import { downloadFlags } from '../downloadFlags.js';
import { limitSearchFlag, versionFlag } from '../flags.js';
import { printable, printableName } from '../printable.js';
import { pipeToStdout } from '../pipeToStdout.js';
import { limitRateFlag, noVerifyFlag, rangeFlag } from '../transferFlags.js';
import { UploadCommand, wordsOf } from '../uploadCommand.js';
import { usageError } from '../usageError.js';
import type { TransferSummary } from '../transferSummary.js';
import { shortName } from '../../values/shortName.js';
import { fromStdin, ofKind } from '../valueKind.js';

export default class Get extends UploadCommand {
  static override summary = 'Download a file, a folder, or what a query selects.';

  static override description =
    'Verifies the MD5 of the content. Files in the cache are not downloaded again, and interrupted downloads are resumed. A different ' +
    'local file of the same name is kept, and the new one gets a number, unless --if-collision says otherwise.\n\n' +
    'With --recursive, a new version in Synapse replaces what was downloaded before; a local file that was changed here is replaced ' +
    'only with --overwrite-changes, and --delete deletes only what the last manifest lists. What cannot be downloaded is listed at the ' +
    'end, with status 5. Manifests of the files are written, which `synapse sync` can upload.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn456',
    '<%= config.bin %> <%= command.id %> syn456 --version 2 --download-location data',
    '<%= config.bin %> <%= command.id %> syn456 - | gunzip | wc -l',
    '<%= config.bin %> <%= command.id %> syn456 syn457 data',
    '<%= config.bin %> <%= command.id %> "syn://Mouse study/raw/counts.csv"',
    '<%= config.bin %> <%= command.id %> syn123 --recursive --download-location study',
    '<%= config.bin %> <%= command.id %> syn123 --recursive --download-location study --dry-run',
    '<%= config.bin %> <%= command.id %> --query "select id from syn789 where tissue = \'liver\'"',
  ];

  static override args = {
    id: fromStdin(
      ofKind(
        'entity',
        Args.string({
          description:
            'Synapse ids (syn123, or syn123.4 for a version), paths (syn://Project/file), - to read them from standard input, or local ' +
            'files that Synapse has. A last word that is no id is the directory, and a last - is standard output.',
          multiple: true,
        }),
      ),
      'first',
    ),
  };

  static override flags = {
    ...versionFlag,
    recursive: Flags.boolean({
      char: 'r',
      description: 'Download all files of a project or folder.',
      exclusive: ['version'],
    }),
    query: Flags.string({
      char: 'q',
      description: 'Download the files that a query of a view selects.',
      helpValue: '<sql>',
      exclusive: ['version', 'recursive', 'range'],
    }),
    'follow-link': Flags.boolean({
      aliases: ['followLink'],
      description: 'Download what links lead to.',
    }),
    'download-location': ofKind(
      'directory',
      Flags.string({
        aliases: ['downloadLocation'],
        defaultHelp: () => Promise.resolve('./'),
        helpValue: '<directory>',
        description: 'Directory to download to; - is standard output.',
      }),
    ),
    'if-collision': Flags.custom<Collision>({
      aliases: ['ifcollision', 'ifCollision'],
      options: ['keep.both', 'keep.local', 'overwrite.local'],
      defaultHelp: () => Promise.resolve('keep.both; overwrite.local with --recursive'),
      description: 'What to do when a different local file of that name exists.',
    })(),
    ...downloadFlags,
    multiThreaded: Flags.boolean({ hidden: true }),
    ...limitSearchFlag,
    ...rangeFlag,
    ...limitRateFlag,
    ...noVerifyFlag,
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Get);
    const { ids, to } = this.#targets(args.id);
    if (to !== undefined && flags['download-location'] !== undefined) {
      throw usageError(
        'Give the download directory once: as an argument, or with --download-location.',
      );
    }
    if (flags.query === undefined && args.id === undefined) throw usageError('Missing ID');
    if (flags.query !== undefined && args.id !== undefined) {
      throw usageError('Give either an id or --query.');
    }
    const directory = to ?? flags['download-location'] ?? './';
    const isStream = directory === '-';
    const isOne = flags.query !== undefined || this.isOne(ids);
    for (const flag of ['recursive', 'version'] as const) {
      if (!isOne && flags[flag]) throw usageError(`--${flag} takes one id.`);
    }
    if (isStream && !isOne) throw usageError('- is for one file: write several to a directory.');
    for (const flag of ['recursive', 'query'] as const) {
      if (isStream && flags[flag]) throw usageError(`--${flag} takes a directory, not -.`);
    }
    if (isStream && this.jsonEnabled()) {
      throw usageError(
        '--json cannot be combined with -: the content of the file goes to standard output.',
      );
    }
    if (!isStream && flags.range) {
      throw usageError('--range writes to standard output: give - as the directory.');
    }
    const syn = await this.connect(flags, { anonymous: true });
    const [id = ''] = ids;
    if (isStream) return this.#stream(syn, id, flags);
    this.isResumable = true;
    if (flags.query !== undefined) return this.#getQueried(syn, flags.query, directory, flags);
    if (!isOne) return this.#getMany(syn, ids, directory, flags);
    return flags.recursive
      ? this.#getTree(syn, id, directory, flags)
      : this.#getFile(syn, id, directory, flags);
  }

  /** Separates the ids from a directory that comes last. A word like syn123 is always an id: ./syn123 is a directory of that name. */
  #targets(words: readonly string[] = []): { ids: string[]; to?: string } {
    const ids = [...words];
    const last = ids.at(-1) ?? '';
    const hasDirectory = ids.length > (this.readCount ?? 1) && !isSynapseId(last);
    const to = hasDirectory ? ids.pop() : undefined;
    const wrong = ids.slice(1).find((word): boolean => !isSynapseId(word));
    if (wrong === undefined) return { ids, to };
    throw usageError(
      `${JSON.stringify(wrong)} is not a Synapse id: ids come first, and one directory last.`,
    );
  }

  async #getMany(
    syn: Synapse,
    ids: readonly string[],
    directory: string,
    flags: GetFlags,
  ): Promise<unknown> {
    const { someAtATime } = await import('../queriedFiles.js');
    const { summary, onProgress } = await this.countedProgress();
    const get = (id: string): Promise<File> => this.#fetch(syn, id, directory, flags, onProgress);
    const files = someAtATime(ids, get, this.signal);
    return this.collectFiles(files, (file) => this.#report(file), summary, wordsOf.download);
  }

  async #getFile(syn: Synapse, id: string, directory: string, flags: GetFlags): Promise<unknown> {
    return this.#report(await this.#fetch(syn, id, directory, flags, await this.progress()));
  }

  async #fetch(
    syn: Synapse,
    id: string,
    downloadLocation: string,
    flags: GetFlags,
    onProgress: (progress: Progress) => void,
  ): Promise<File> {
    const { File } = await import('../../index.js');
    const isId: boolean = isSynapseId(id);
    const entity = await syn.get(id, {
      ...this.#target(flags),
      downloadLocation,
      ifCollision: flags['if-collision'] ?? 'keep.both',
      verify: !flags['no-verify'],
      onProgress,
    });
    if (!(entity instanceof File)) throw notAFile(entity);
    if (!isId) this.log(`Associated file: ${printable(id)} with synapse ID ${entity.id}`);
    return entity;
  }

  async #getTree(syn: Synapse, id: string, directory: string, flags: GetFlags): Promise<unknown> {
    if (!isSynapseId(id)) throw usageError('--recursive takes the id of a project or folder.');
    const options = this.#treeOptions(flags);
    if (flags['dry-run'] || flags.plan !== undefined) {
      return this.showPlan(await syn.sync.planDownload(id, directory, options), flags);
    }
    const { summary, onProgress } = await this.countedProgress();
    const got: object[] = [];
    const report = await syn.syncFromSynapse(id, directory, {
      ...options,
      concurrency: flags.concurrency,
      onProgress,
      onItem: (item, state) => {
        if (state === 'leftOut') this.#reportLeftOut(item, summary);
        else if (item.action === 'delete') this.log(`Deleted ${printable(item.localPath ?? '')}`);
        else if (item.kind === 'file') void this.keep(got, this.#report(resultOf(item)));
      },
    });
    summary.countFailures(report);
    await this.noticeSummary(summary, wordsOf.download);
    if (summary.isEmpty && report.done.length === 0) {
      const { name } = await syn.get(id, { downloadFile: false, signal: this.signal });
      this.note(`${id} (${printableName(name)}) has no files.`);
    }
    await this.throwFailed('downloaded', report.failures, got);
    return got;
  }

  #treeOptions(flags: GetFlags): PlanDownloadOptions {
    return {
      followLink: flags['follow-link'],
      ifCollision: flags['if-collision'] ?? 'overwrite.local',
      overwriteChanges: flags['overwrite-changes'],
      verify: !flags['no-verify'],
      delete: flags.delete,
      force: flags.force,
      include: flags.include,
      exclude: flags.exclude,
      manifest: flags.manifest,
      includeActivity: !flags['no-provenance'],
      maxDepth: flags['max-depth'],
      view: flags.view,
      shard: flags.shard,
      signal: this.signal,
    };
  }

  /** Files are only left out by the patterns of the user, so they are counted. */
  #reportLeftOut(
    { id = '', name, path, type, kind, reason = '' }: DownloadItem,
    summary: TransferSummary,
  ): void {
    summary.countLeftOut();
    const item = { id, name, path, type, reason };
    if (kind === 'file' && !this.jsonEnabled()) return;
    this.notice(`left out ${path || name} (${id}): ${reason}`, { kind: 'left-out', ...item });
  }

  async #getQueried(
    syn: Synapse,
    query: string,
    downloadLocation: string,
    flags: GetFlags,
  ): Promise<unknown> {
    const { File, rowReference } = await import('../../index.js');
    const { queriedIds, someAtATime } = await import('../queriedFiles.js');
    const { summary, onProgress } = await this.countedProgress();
    const options = {
      downloadLocation,
      followLink: flags['follow-link'],
      ifCollision: flags['if-collision'] ?? 'keep.both',
      verify: !flags['no-verify'],
      signal: this.signal,
      onProgress,
    };
    const opened = await syn.tables.query(query, { signal: this.signal }).open();
    const get = async (id: string): Promise<File | undefined> => {
      const entity = await syn.get(id, options);
      if (entity instanceof File) return entity;
      summary.countLeftOut();
      const reason = 'it is not a file';
      this.notice(`left out ${printableName(entity.name)} (${entity.id}): ${reason}`, {
        kind: 'left-out',
        id: entity.id,
        name: entity.name,
        reason,
      });
      return undefined;
    };
    const files = someAtATime(queriedIds(opened, rowReference), get, this.signal);
    return this.collectFiles(files, (file) => this.#report(file), summary, wordsOf.download);
  }

  async #stream(syn: Synapse, id: string, flags: GetFlags): Promise<void> {
    const bytes = await syn.download(id, {
      ...this.#target(flags),
      range: flags.range,
      verify: !flags['no-verify'],
      // Progress bars would mix with the content on a terminal.
      onProgress: process.stdout.isTTY ? undefined : await this.progress(),
    });
    await pipeToStdout(bytes, this.signal);
  }

  #target(flags: GetFlags) {
    return {
      followLink: flags['follow-link'],
      signal: this.signal,
      version: flags.version,
      limitSearch: flags['limit-search'],
    };
  }

  #report(entity: { id?: string; name?: string; path?: string; versionNumber?: number }): object {
    const { id, name, path, versionNumber } = entity;
    // With keep.local there is no path when the local file was kept. The progress reports that.
    if (path !== undefined) this.log(`Creating ${printable(path)}`);
    return { id, name, versionNumber, path };
  }
}

function resultOf({ id, name, localPath, isKept, versionNumber }: DownloadItem) {
  return { id, name, path: isKept === true ? undefined : localPath, versionNumber };
}

/** Hints for entities that are not files. */
const remedies: Readonly<Record<string, string>> = {
  Project: 'add --recursive to get all files in it',
  Folder: 'add --recursive to get all files in it',
  Link: 'add --follow-link to get its target',
};

function notAFile({ id, name, concreteType }: Entity & Stored): Error {
  const type = shortName(concreteType);
  const remedy = remedies[type] ?? `see \`synapse show ${id}\``;
  return usageError(`${id} (${printableName(name)}) is a ${type}, not a file: ${remedy}.`);
}

type GetFlags = Interfaces.InferredFlags<typeof Get.flags & typeof Get.baseFlags>;
