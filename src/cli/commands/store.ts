import { stat } from 'node:fs/promises';
import { Args, Flags, type Interfaces } from '@oclif/core';
import type { FileInit, PlanItem } from '../../index.js';
import {
  descriptionFlags,
  limitSearchFlag,
  parentFlag,
  provenanceFlags,
  readDescription,
  idsFlag,
} from '../flags.js';
import { printableName } from '../printable.js';
import { readAddedAnnotations } from '../readAnnotations.js';
import { resolveUsed } from '../../entities/resolveUsed.js';
import { storeDescription } from '../../wiki/storeDescription.js';
import { limitRateFlag } from '../transferFlags.js';
import { UploadCommand } from '../uploadCommand.js';
import { deleteFlags, uploadFlags } from '../uploadFlags.js';
import { isSynapsePath } from '../../values/ids.js';
import { usageError } from '../usageError.js';
import { ofKind } from '../valueKind.js';

export default class Store extends UploadCommand {
  static override summary = 'Upload a file, a directory or a stream, or store a URL.';

  static override description =
    'A file of the same name in the same folder gets a new version. Unchanged files are not uploaded again, and interrupted uploads are ' +
    'resumed. With --recursive, links to directories are followed, and --delete leaves tables, views and links in Synapse.';

  static override hiddenAliases = ['add', 'update'];

  static override examples = [
    '<%= config.bin %> <%= command.id %> counts.csv --parent-id syn123',
    `<%= config.bin %> <%= command.id %> counts.csv --id syn456 --annotations '{"tissue": "liver"}' --used syn789.2`,
    '<%= config.bin %> <%= command.id %> results/ --recursive --parent-id syn123',
    'zcat counts.csv.gz | <%= config.bin %> <%= command.id %> - --name counts.csv --parent-id syn123',
    '<%= config.bin %> <%= command.id %> https://example.org/data.csv --parent-id syn123',
  ];

  static override args = {
    file: ofKind(
      'file',
      Args.string({
        description: 'File, directory or URL, or - for standard input.',
      }),
    ),
  };

  static override flags = {
    ...parentFlag,
    id: ofKind(
      'entity',
      Flags.string({
        description: 'Synapse id of the file to update.',
        helpValue: '<id>',
        exclusive: ['parent-id'],
      }),
    ),
    name: Flags.string({
      description: 'Name in Synapse.',
      helpValue: '<name>',
      defaultHelp: () => Promise.resolve("the file's own"),
    }),
    recursive: Flags.boolean({
      char: 'r',
      description: 'Store a directory and everything in it.',
    }),
    ...uploadFlags,
    ...deleteFlags,
    'safe-names': Flags.boolean({
      aliases: ['safeNames'],
      description: 'Store what has a name that Synapse does not accept under a similar one.',
    }),
    ...descriptionFlags,
    ...provenanceFlags,
    ...limitSearchFlag,
    'no-force-version': Flags.boolean({
      aliases: ['noForceVersion'],
      description: 'Do not create a new version when only metadata changes.',
    }),
    annotations: Flags.string({
      description: 'Annotations to add: a JSON object of keys and values, or @FILE.',
      helpValue: '<json>',
    }),
    replace: Flags.boolean({
      description: 'Remove existing annotations that --annotations does not name.',
    }),
    'content-type': Flags.string({
      aliases: ['contentType'],
      description: 'Content type, such as text/csv.',
      helpValue: '<type>',
      defaultHelp: () => Promise.resolve('guessed from the name'),
    }),
    ...limitRateFlag,
    file: ofKind('file', Flags.string({ hidden: true })),
    type: Flags.string({ hidden: true, options: ['File', 'FileEntity', 'Project', 'Folder'] }),
    ...idsFlag,
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Store);
    const source = args.file ?? flags.file;
    if (flags.type === 'Project' || flags.type === 'Folder') {
      if (source !== undefined) throw usageError(`--type ${flags.type} takes no file.`);
      return this.#storeContainer(flags.type, flags);
    }
    if (source === undefined) throw usageError('Name the file to store.');
    if (flags['parent-id'] === undefined && flags.id === undefined) {
      throw usageError('Give --parent-id for a new file, or --id for a new version.');
    }
    if (isSynapsePath(source)) {
      throw usageError(
        `${source} is a path in Synapse, not of a local file: --id takes it, to update that file.`,
      );
    }
    await checkIds(flags);
    // Standard input cannot be read twice.
    this.isResumable = source !== '-';
    if (!flags.recursive) refuseTreeFlags(flags);
    return flags.recursive
      ? this.#storeTree(source, flags['parent-id'], flags)
      : this.#storeFile(source, flags);
  }

  async #storeFile(source: string, flags: StoreFlags): Promise<unknown> {
    if (source !== '-') await refuseKind(source);
    const annotations = await readAddedAnnotations(flags.annotations);
    const description = await readDescription(flags);
    const { File } = await import('../../index.js');
    if (source === '-' && flags.name === undefined && flags.id === undefined) {
      throw usageError('Standard input has no file name: pass --name.');
    }
    const file = new File({
      ...contentOf(source),
      id: flags.id,
      parentId: flags['parent-id'],
      name: flags.name,
      annotations,
      contentType: flags['content-type'],
    });
    const syn = await this.connect(flags);
    const lookUp = { signal: this.signal, limitSearch: flags['limit-search'] };
    const used = flags.used && (await resolveUsed(syn, flags.used, lookUp));
    const executed = flags.executed && (await resolveUsed(syn, flags.executed, lookUp));
    const stored = await syn.store(file, {
      forceVersion: !flags['no-force-version'],
      safeNames: flags['safe-names'],
      mergeAnnotations: !flags.replace,
      signal: this.signal,
      onProgress: await this.progress(),
      used,
      executed,
    });
    if (description) await storeDescription(syn, stored.id, description, { signal: this.signal });
    this.logId(
      flags,
      stored.id,
      `Created/Updated entity: ${stored.id}\t${printableName(stored.name)}`,
    );
    return { id: stored.id, name: stored.name, versionNumber: stored.versionNumber };
  }

  /** The Python client creates projects with this command as well. */
  async #storeContainer(type: 'Project' | 'Folder', flags: StoreFlags): Promise<unknown> {
    const { name, 'parent-id': parentId } = flags;
    if (name === undefined) throw usageError(`--type ${type} needs --name.`);
    if (type === 'Folder' && parentId === undefined)
      throw usageError('A folder needs --parent-id.');
    const annotations = await readAddedAnnotations(flags.annotations);
    const description = await readDescription(flags);
    const syn = await this.connect(flags);
    const { Folder, Project } = await import('../../index.js');
    const properties = { name, parentId, annotations };
    const entity = type === 'Project' ? new Project(properties) : new Folder(properties);
    const options = { signal: this.signal };
    const stored = await syn.store(entity, { ...options, mergeAnnotations: !flags.replace });
    if (description) await storeDescription(syn, stored.id, description, options);
    const line = `Created/Updated entity: ${stored.id}\t${printableName(stored.name)}`;
    this.logId(flags, stored.id, line);
    return { id: stored.id, name: stored.name };
  }

  async #storeTree(
    source: string,
    parentId: string | undefined,
    flags: StoreFlags,
  ): Promise<unknown> {
    if (source === '-') throw usageError('--recursive takes a directory, not -.');
    if (parentId === undefined) throw usageError('A directory needs --parent-id, not --id.');
    await requireDirectory(source);
    const syn = await this.connect(flags);
    const plan = await syn.sync.planUpload(source, parentId, {
      safeNames: flags['safe-names'],
      delete: flags.delete,
      force: flags.force,
      include: flags.include,
      exclude: flags.exclude,
      shard: flags.shard,
      signal: this.signal,
    });
    if (flags['dry-run'] || flags.plan !== undefined) return this.showPlan(plan, flags);
    const report = await this.applyPlan(plan, flags, { showUnchanged: true });
    const stored = [...report.done, ...report.skipped].map(storedItem);
    await this.throwFailures(report, stored);
    return stored;
  }
}

function storedItem({ id, name, kind, localPath, action }: PlanItem): object {
  const concreteType = `org.sagebionetworks.repo.model.${kind === 'file' ? 'FileEntity' : 'Folder'}`;
  const path = kind === 'file' ? localPath : undefined;
  return { id, name, concreteType, path, ...(action === 'delete' && { action }) };
}

/** The flags of a plan are for directories. */
function refuseTreeFlags(flags: StoreFlags): void {
  const given = Object.keys({ ...uploadFlags, ...deleteFlags }).find((name) =>
    Boolean((flags as Readonly<Record<string, unknown>>)[name]),
  );
  if (given !== undefined) throw usageError(`--${given} goes with --recursive.`);
}

/** Before a login, a wiki page or an upload. */
async function checkIds(flags: StoreFlags): Promise<void> {
  const { containerOf, currentOf } = await import('../../values/ids.js');
  if (flags.id !== undefined) {
    currentOf(flags.id, 'storing changes the current version, or adds one');
  }
  if (flags['parent-id'] !== undefined) containerOf(flags['parent-id']);
}

/** A directory that is missing is reported when it is read. */
async function requireDirectory(path: string): Promise<void> {
  const info = await stat(path).catch(() => undefined);
  if (info === undefined || info.isDirectory()) return;
  throw usageError(`${path} is not a directory: leave out --recursive.`);
}

/** A file that is missing or empty is reported when it is read. */
async function refuseKind(path: string): Promise<void> {
  const info = await stat(path).catch(() => undefined);
  if (info === undefined || info.isFile()) return;
  if (info.isDirectory()) {
    throw usageError(`${path} is a directory: add --recursive to store everything in it.`);
  }
  throw usageError(
    `${path} is not a regular file but a pipe, a socket or a device. To store what a command writes, pipe it: ` +
      'command | synapse store - --name NAME.',
  );
}

function contentOf(source: string): Pick<FileInit, 'stream' | 'externalUrl' | 'path'> {
  if (source === '-') return { stream: process.stdin };
  return /^[a-z][a-z\d+.-]+:\/\//i.test(source) ? { externalUrl: source } : { path: source };
}

type StoreFlags = Interfaces.InferredFlags<typeof Store.flags & typeof Store.baseFlags>;
