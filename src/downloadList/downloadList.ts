import type { CallOptions } from '../../generated/services.js';
import { lazyListing, type Listing } from '../api/listing.js';
import type { Context } from '../context.js';
import type { AddedFiles, AddFilesOptions } from './addFiles.js';
import type { DownloadListSource } from './addSource.js';
import type { DownloadFilesOptions } from './downloadFiles.js';
import type { DownloadListReport } from './downloadReport.js';
import type { DownloadListManifestOptions } from './fetchManifest.js';
import type { DownloadListPackageOptions } from './fetchPackage.js';
import type { ListedFile, ListedFilesOptions } from './listedFiles.js';
import type { ListedFileRef, OneOrMany } from './listItem.js';
import type { DownloadListStatistics } from './listStatistics.js';
import type { RemovedFiles } from './removeFiles.js';
import type { RequiredAction } from './requiredActions.js';

/** The download list of the caller: `syn.downloadList`. It is the same list that the website shows. */
export class DownloadList {
  readonly #ctx: Context;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /**
   * Adds files: one or many ids (`syn123`, `syn123.4`), entities, or items of a list; all files of a project or folder; the files
   * that a query of a view or dataset selects.
   *
   * A file without a version is downloaded in the version that is current at that time. Files that are on the list already stay
   * there once. A list holds 100,000 files.
   *
   * @example
   * await syn.downloadList.add(['syn12', 'syn34.2', folder]);
   * await syn.downloadList.add("select * from syn56 where tissue = 'liver'");
   * @returns How many files were added, and what could not be added, with the reason. When the service tells only a number, the
   * reasons are what the types of the entities show.
   * @throws {@link ArgumentError} for what is neither an entity nor a query, and for more than 100,000 files. Nothing is added then.
   * @throws {@link NotFoundError}, {@link AuthorizationError}, {@link AsyncJobError} when the first request is refused. Later ones are in `failed`.
   * @see https://rest-docs.synapse.org/rest/POST/download/list/add.html
   */
  async add(
    what: OneOrMany<DownloadListSource>,
    options: AddFilesOptions = {},
  ): Promise<AddedFiles> {
    const { addFiles } = await import('./addFiles.js');
    return addFiles(this.#ctx, what, options);
  }

  /**
   * Removes files. An id without a version stands for the file in any version that is on the list.
   *
   * @returns How many entries were removed, and how many files were not found.
   * @throws {@link ArgumentError} for what is not a file.
   * @see https://rest-docs.synapse.org/rest/POST/download/list/remove.html
   */
  async remove(files: OneOrMany<ListedFileRef>, options: CallOptions = {}): Promise<RemovedFiles> {
    const { removeFiles } = await import('./removeFiles.js');
    return removeFiles(this.#ctx, files, options);
  }

  /**
   * Removes all files from the list.
   *
   * @throws {@link AuthorizationError} when the caller is not logged in.
   * @see https://rest-docs.synapse.org/rest/DELETE/download/list.html
   */
  async clear(options: CallOptions = {}): Promise<void> {
    await this.#ctx.services.downloadList.clearDownloadList(options);
  }

  /**
   * Lists the files that the caller can download now. The service does not list the others: see {@link actionsRequired}.
   *
   * @throws {@link AsyncJobError} when the caller is not logged in.
   * @see https://rest-docs.synapse.org/rest/POST/download/list/query/async/start.html
   */
  list(options: ListedFilesOptions = {}): Listing<ListedFile> {
    return lazyListing(async () => {
      const { listedFiles } = await import('./listedFiles.js');
      return listedFiles(this.#ctx, options);
    });
  }

  /** Counts the files of the list, and adds up their sizes in bytes. */
  async statistics(options: CallOptions = {}): Promise<DownloadListStatistics> {
    const { listStatistics } = await import('./listStatistics.js');
    return listStatistics(this.#ctx, options);
  }

  /** Lists what the caller must do before the rest of the files can be downloaded, with the page to do it on. */
  actionsRequired(options: CallOptions = {}): Listing<RequiredAction> {
    return lazyListing(async () => {
      const { requiredActions } = await import('./requiredActions.js');
      return requiredActions(this.#ctx, options);
    });
  }

  /**
   * Writes a CSV file with a row for each file that can be downloaded: id, name, version, size, and its annotations.
   *
   * @returns Its path.
   * @throws {@link AsyncJobError} when there is no such file.
   * @throws {@link FileSystemError} when the file exists, unless `overwrite`.
   * @see https://rest-docs.synapse.org/rest/POST/download/list/manifest/async/start.html
   */
  async manifest(options: DownloadListManifestOptions = {}): Promise<string> {
    const { fetchManifest } = await import('./fetchManifest.js');
    return fetchManifest(this.#ctx, options);
  }

  /**
   * Has the service pack files into a ZIP archive, and downloads it. Files over 100 MB, and what would make the archive larger than
   * 1 GB, are left out. The service takes the packed files off the list, even if the archive cannot be downloaded afterwards.
   *
   * @returns Its path.
   * @throws {@link AsyncJobError} when no file can be packed.
   * @throws {@link FileSystemError} when the file exists, unless `overwrite`.
   * @see https://rest-docs.synapse.org/rest/POST/download/list/package/async/start.html
   */
  async package(options: DownloadListPackageOptions = {}): Promise<string> {
    const { fetchPackage } = await import('./fetchPackage.js');
    return fetchPackage(this.#ctx, options);
  }

  /**
   * Downloads all files of the list into a directory, and removes from the list those that are there, complete and with the right
   * MD5. An interrupted download continues when it is called again: files that are there are not transferred again.
   *
   * All files go directly into the directory. No file is replaced: the second of a name becomes `name(1).ext`. A manifest,
   * `manifest_<time>.csv`, has the columns of {@link manifest}, the local `path`, and the `error` of files that failed.
   *
   * @returns What became of each file. Failures are in it, and are not thrown.
   * @throws {@link FileSystemError} when the directory is a file, or cannot be written.
   * @throws {@link AuthenticationError} when the caller is logged out meanwhile.
   */
  async download(
    directory: string,
    options: DownloadFilesOptions = {},
  ): Promise<DownloadListReport> {
    const { downloadFiles } = await import('./downloadFiles.js');
    return downloadFiles(this.#ctx, directory, options);
  }
}
