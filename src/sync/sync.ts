import type { Context } from '../context.js';
import type { File, Folder, Parent, Stored } from '../entities/entityClasses.js';
import type { AssociatedFile, AssociateOptions } from './associateFiles.js';
import type { DownloadItem } from './download/downloadItem.js';
import type { PlanDownloadOptions } from './download/downloadOptions.js';
import type { SyncFromSynapseOptions } from './download/syncFromSynapse.js';
import type { GetDirectoryOptions } from './getDirectory.js';
import type { GeneratedManifest, GenerateManifestOptions } from './manifest/generateManifest.js';
import type { ManifestEntry, ManifestForm } from './manifest/manifestRow.js';
import type { MergeManifestsOptions } from './manifest/mergeManifests.js';
import type { ReadManifestOptions } from './manifest/readManifest.js';
import type { ManifestEvent } from './manifest/manifestEvent.js';
import type { ValidateManifestOptions, ValidManifest } from './manifest/validateManifest.js';
import type { WriteManifestOptions, WrittenManifest } from './manifest/writeManifest.js';
import type { CommonOptions } from '../options.js';
import type { EntityRef } from '../values/ids.js';
import type { TreeDiff } from './diff/treeDiff.js';
import type { Lock } from './lock/lockData.js';
import type { LockOptions } from './lock/lockFiles.js';
import type { RestoreOptions, RestoreReport } from './lock/restoreFiles.js';
import type { StoreDirectoryOptions } from './storeDirectory.js';
import type { SyncPlan } from './plan/syncPlan.js';
import type { SyncReport } from './plan/syncReport.js';
import type { PlanUploadOptions } from './upload/planUpload.js';
import type { SyncToSynapseOptions } from './upload/syncToSynapse.js';
import type { UploadItem } from './upload/uploadItem.js';
import type { WalkOptions, WalkStep } from './walkStep.js';

/** Whole directories: `syn.sync`. */
export class Sync {
  readonly #ctx: Context;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /**
   * Downloads all files of a project or folder, and of the folders in it, into a local directory. Each folder becomes a
   * directory. Files that are already there are not downloaded again. For the id of a file, that file is downloaded.
   *
   * Nothing is left out in silence: tables, views and links go to `onLeftOut`, or to the log of the client. What fails, also a
   * folder whose name no local directory can have, is in the error at the end.
   *
   * @returns Each file when it has arrived.
   * @throws {@link PartialFailureError} at the end, when some files could not be downloaded. The others are there.
   * @throws {@link ArgumentError} for an entity that has no files, such as a table, and for a link without `followLink`.
   */
  async *getDirectory(
    parent: Parent,
    directory: string,
    options: GetDirectoryOptions = {},
  ): AsyncGenerator<File & Stored> {
    const { getDirectory } = await import('./getDirectory.js');
    yield* getDirectory(this.#ctx, parent, directory, options);
  }

  /**
   * Compares a project, folder or file in Synapse with a local directory, and says what a download does: what is created, what is
   * replaced, what is in conflict because it was changed here. Changes nothing.
   *
   * Takes the pages of children, and one request a file; with `view`, one query. Local files are compared by size, and by MD5 only when
   * their sizes are the same and the cache does not know them.
   *
   * @example
   * const plan = await syn.sync.planDownload('syn123', 'data');
   * console.log(String(plan));
   * await plan.apply();
   *
   * @returns The plan. What cannot be downloaded, and why, is in its `problems`.
   * @throws {@link ArgumentError} for an entity that has no files, such as a table, and for a link without `followLink`.
   * @throws {@link NotFoundError} when the entity does not exist.
   */
  async planDownload(
    parent: Parent,
    directory: string,
    options: PlanDownloadOptions = {},
  ): Promise<SyncPlan<DownloadItem>> {
    const { planDownload } = await import('./download/planDownload.js');
    return planDownload(this.#ctx, parent, directory, options);
  }

  /**
   * Downloads a project, folder or file into a local directory: {@link planDownload}, and `apply` of the plan while it is being made.
   * What is here already is not downloaded again, and files that were changed here are not replaced. Writes manifests.
   *
   * @example
   * const { done, failures } = await syn.sync.syncFromSynapse('syn123', 'data', { exclude: ['*.bam'] });
   *
   * @returns What was done. Failures of single items, and conflicts, are in it; the others are downloaded.
   * @throws {@link AuthenticationError} and other errors that no file could be downloaded with.
   * @throws {@link ArgumentError} for an entity that has no files, such as a table, and for a link without `followLink`.
   */
  async syncFromSynapse(
    parent: Parent,
    directory: string,
    options: SyncFromSynapseOptions = {},
  ): Promise<SyncReport<DownloadItem>> {
    const { syncFromSynapse } = await import('./download/syncFromSynapse.js');
    return syncFromSynapse(this.#ctx, parent, directory, options);
  }

  /**
   * Stores a local directory in a project or folder: a folder for each directory, a file for each file. Existing entities
   * are updated; files that have not changed are not uploaded again.
   *
   * Links are followed, except a link to a directory that it is in. That, and everything else that cannot be stored, is in the
   * error at the end: dangling links, unreadable files, empty files, pipes, sockets, devices, names that Synapse does not accept.
   *
   * @param directory - Its content goes into the parent. The directory itself does not become a folder.
   * @returns Each folder and file when it is stored, folders first.
   * @throws {@link ArgumentError} when the directory cannot be read.
   * @throws {@link PartialFailureError} at the end, when something could not be stored. Everything else is stored.
   */
  async *storeDirectory(
    directory: string,
    parent: Parent,
    options: StoreDirectoryOptions = {},
  ): AsyncGenerator<(Folder | File) & Stored> {
    const { storeDirectory } = await import('./storeDirectory.js');
    yield* storeDirectory(this.#ctx, directory, parent, options);
  }

  /**
   * Compares a local directory, or the files of a manifest, with Synapse, and says what an upload does: what is created, what
   * gets other content or other metadata, what is moved. Nothing is changed.
   *
   * @example
   * const plan = await syn.sync.planUpload('results', 'syn123');
   * console.log(String(plan));
   * if (plan.problems.length === 0) await plan.apply();
   *
   * @param source - A directory; or a manifest, which names the container of each file.
   * @param parent - The project or folder that the content of a directory goes into.
   * @returns The plan. What cannot be stored, and why, is in its `problems`.
   * @throws {@link ArgumentError} for a directory without `parent`.
   * @throws {@link FileSystemError} when the source cannot be read.
   * @throws {@link NotFoundError} when the container does not exist.
   */
  async planUpload(
    source: string,
    parent?: Parent,
    options: PlanUploadOptions = {},
  ): Promise<SyncPlan<UploadItem>> {
    const { planUpload } = await import('./upload/planUpload.js');
    return planUpload(this.#ctx, source, parent, options);
  }

  /**
   * Reads a plan that was kept as JSON, to apply it. Applying it reads again what the plan was made of: items that have changed
   * since, in Synapse or here, are left as they are and count as failed.
   *
   * @param source - What `JSON.stringify(plan)` wrote, parsed; or the path of a file with it.
   * @throws {@link ArgumentError} when it is not a plan.
   * @throws {@link FileSystemError} when the file cannot be read.
   */
  async readPlan(source: unknown): Promise<SyncPlan> {
    const { readPlan } = await import('./readPlan.js');
    return readPlan(this.#ctx, source);
  }

  /**
   * Uploads the files of a manifest, or of a directory: {@link planUpload}, and `apply` of the plan. What Synapse has already is
   * not sent again: a second run makes no write and creates no version.
   *
   * @returns What was done. Failures of single files are in it; the others are stored.
   * @throws {@link AuthenticationError} and other errors that no file could be stored with.
   */
  async syncToSynapse(
    source: string,
    parent?: Parent,
    options: SyncToSynapseOptions = {},
  ): Promise<SyncReport> {
    const { syncToSynapse } = await import('./upload/syncToSynapse.js');
    return syncToSynapse(this.#ctx, source, parent, options);
  }

  /**
   * Compares a local directory with a project or folder, by size and MD5. Nothing is transferred. A file in Synapse belongs to the path
   * that a download gives it; where nothing has the name of its content, to the file with the name of the entity.
   *
   * @returns An item for each path of either side. What cannot be read is among them.
   * @throws {@link ArgumentError} when the directory cannot be read.
   * @throws {@link NotFoundError} when the project or folder does not exist.
   */
  async diff(directory: string, parent: Parent, options: CommonOptions = {}): Promise<TreeDiff> {
    const { diffTree } = await import('./diff/diffTree.js');
    return diffTree(this.#ctx, directory, parent, options);
  }

  /**
   * Notes the versions, sizes and MD5s of all files below entities, to download exactly these again with {@link restore}. Nothing is
   * transferred. Links are not followed.
   *
   * @param entities - Projects, folders or files (`syn5`, or `syn5.2` for a version). The content of a single container is at the top;
   * of several, each has a directory of its name.
   * @returns Plain JSON. The same files give the same lock. Files that cannot be read are in `failures`.
   * @throws {@link NotFoundError} when one of the entities does not exist.
   */
  async lock(entities: EntityRef | readonly EntityRef[], options: LockOptions = {}): Promise<Lock> {
    const { lockFiles } = await import('./lock/lockFiles.js');
    return lockFiles(this.#ctx, entities, options);
  }

  /**
   * Downloads the versions of a lock into a directory, and checks their MD5s. Files that are there and equal are not transferred. A
   * version that is gone, or whose content has changed, fails alone.
   *
   * @param lock - What {@link lock} returned, or the path of a file with it.
   * @returns What became of each file.
   * @throws {@link ArgumentError} when the lock is damaged; it lists everything that is wrong.
   */
  async restore(
    lock: Lock | string,
    directory: string,
    options: RestoreOptions = {},
  ): Promise<RestoreReport> {
    const { restoreFiles } = await import('./lock/restoreFiles.js');
    return restoreFiles(this.#ctx, lock, directory, options);
  }

  /**
   * Lists a project or folder and everything below it, depth first and from the top down: first the container itself, then each
   * folder in it in order of name, with everything below it. Folders that come next are listed ahead, and leaving the loop cancels
   * that.
   *
   * @returns One step for each container.
   * @throws {@link NotFoundError} when the container does not exist.
   * @throws {@link ArgumentError} for what is no project or folder.
   * @throws {@link SynapseError} that names the folder, when one cannot be listed.
   * @see https://rest-docs.synapse.org/rest/POST/entity/children.html
   */
  async *walk(parent: Parent, options: WalkOptions = {}): AsyncGenerator<WalkStep> {
    const { walk } = await import('./walk.js');
    yield* walk(this.#ctx, parent, options);
  }

  /**
   * Reads a manifest row by row, in constant memory: `manifest.csv` or `SYNAPSE_METADATA_MANIFEST.tsv`, of this client or of the
   * Python client. The header tells the form. Reading goes on after a problem. Local files and Synapse are not looked at.
   *
   * @param source - The path of the manifest, or its bytes.
   * @returns One event for each row, with what is wrong with it.
   * @throws {@link FileSystemError} when the file cannot be read.
   */
  async *readManifest(
    source: string | AsyncIterable<Uint8Array>,
    options: ReadManifestOptions = {},
  ): AsyncGenerator<ManifestEvent> {
    const { readManifest } = await import('./manifest/readManifest.js');
    yield* readManifest(source, options);
  }

  /**
   * Checks a whole manifest for an upload, and changes nothing: columns, cells, local files, names, parents, ids, provenance. All
   * problems are found at once.
   *
   * @param source - The path of the manifest, or its bytes.
   * @throws {@link FileSystemError} when the manifest cannot be read.
   * @see https://rest-docs.synapse.org/rest/POST/entity/header.html
   */
  async validateManifest(
    source: string | AsyncIterable<Uint8Array>,
    options: ValidateManifestOptions = {},
  ): Promise<ValidManifest> {
    const { validateManifest } = await import('./manifest/validateManifest.js');
    return validateManifest(this.#ctx, source, options);
  }

  /**
   * Writes a manifest that both this client and the Python client read. The file appears in one step.
   *
   * @returns What was written, and the values that no manifest can hold.
   * @throws {@link FileSystemError}
   */
  async writeManifest(
    path: string,
    form: ManifestForm,
    entries: Iterable<ManifestEntry> | AsyncIterable<ManifestEntry>,
    options: WriteManifestOptions = {},
  ): Promise<WrittenManifest> {
    const { writeManifest } = await import('./manifest/writeManifest.js');
    return writeManifest(path, form, entries, options);
  }

  /**
   * Joins manifests of one form, such as the parts that the shards of a download have written. A row that is in several parts is
   * written once.
   *
   * @param parts - Paths, in the order of their rows.
   * @throws {@link ArgumentError} when parts contradict each other, or have problems: all are named.
   */
  async mergeManifests(
    parts: readonly string[],
    path: string,
    options: MergeManifestsOptions = {},
  ): Promise<WrittenManifest> {
    const { mergeManifests } = await import('./manifest/mergeManifests.js');
    return mergeManifests(parts, path, options);
  }

  /**
   * Makes the manifest of a local directory, for an upload later: creates a folder in Synapse for each directory, or finds it, and
   * lists the files with the folders that they belong in. No file is uploaded.
   *
   * Links are followed, except a link to a directory that it is in.
   *
   * @returns The manifest, or where it was written; and everything that is not in it, with the reason.
   * @throws {@link ArgumentError} when the directory cannot be read, or the parent is no project or folder.
   * @throws {@link NotFoundError} when the parent does not exist.
   */
  async generateManifest(
    directory: string,
    parent: Parent,
    options: GenerateManifestOptions = {},
  ): Promise<GeneratedManifest> {
    const { generateManifest } = await import('./manifest/generateManifest.js');
    return generateManifest(this.#ctx, directory, parent, options);
  }

  /**
   * Looks up local files in Synapse by their content, and records them in the cache: `get` then uses them instead of another download.
   *
   * @param path - A file; with `recursive`, also a directory. Links to directories are not followed.
   * @returns Each file, in order, with the entity and version that has its content; without them when Synapse does not have it.
   * @throws {@link ArgumentError} for a directory without `recursive`.
   * @throws {@link NotFoundError} when the container to search does not exist.
   * @throws {@link PartialFailureError} at the end, when some files could not be looked up. The others are recorded.
   * @see https://rest-docs.synapse.org/rest/GET/entity/md5/md5.html
   */
  async *associate(path: string, options: AssociateOptions = {}): AsyncGenerator<AssociatedFile> {
    const { associateFiles } = await import('./associateFiles.js');
    yield* associateFiles(this.#ctx, path, options);
  }
}
