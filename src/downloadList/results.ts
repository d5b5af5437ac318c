import type { Context } from '../context.js';
import type { Clock } from '../net/clock.js';
import type { DownloadListReport } from './downloadReport.js';
import type { FetchOutcome } from './fetchListed.js';
import type { ListedFile } from './listedFiles.js';
import { itemsPerRequest, keyOf, type DownloadListItem } from './listItem.js';
import { matchRows, type ListManifest, type MatchedRow } from './listManifest.js';
import type { ReadAhead } from './readAhead.js';
import { removeItems } from './removeFiles.js';
import { writeResultManifest, type ResultRow } from './resultManifest.js';

/** Milliseconds after which files that are here are removed from the list, while others are still downloaded. */
const longestPending = 30_000;

interface ResultsOptions {
  report: DownloadListReport;
  /** The path of the manifest. */
  path: string;
  removeFromList: boolean;
  manifest: ListManifest;
  /** The files of the list. The list is changed only when all of it has been read: a page begins at a number of files. */
  listed: Pick<ReadAhead<ListedFile>, 'isComplete' | 'items'>;
  /** @default the clock of the client */
  clock?: Pick<Clock, 'now'>;
}

/**
 * Collects the outcomes of a download. Files that are here are removed from the list now and then, many with one request; before
 * that, they are written to the manifest, so that a download that is interrupted leaves no file without a trace.
 */
export class Results {
  readonly #ctx: Context;
  readonly #options: ResultsOptions;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #outcomes = new Map<ListedFile, FetchOutcome>();
  #matched: readonly MatchedRow[] | undefined;
  #pending: ListedFile[] = [];
  #since: number;

  constructor(ctx: Context, options: ResultsOptions) {
    this.#ctx = ctx;
    this.#options = options;
    this.#clock = options.clock ?? ctx.storage.clock;
    this.#since = this.#clock.now();
  }

  async add(outcome: FetchOutcome, signal: AbortSignal | undefined): Promise<void> {
    const { listed, removeFromList } = this.#options;
    this.#outcomes.set(outcome.file, outcome);
    if (outcome.state !== 'failed' && removeFromList) this.#pending.push(outcome.file);
    const isLate = this.#clock.now() - this.#since > longestPending;
    const isDue = this.#pending.length >= itemsPerRequest || (isLate && this.#pending.length > 0);
    if (!isDue || !listed.isComplete) return;
    await this.#write(this.#rows.filter((row) => this.#outcomeOf(row) !== undefined));
    await this.#remove(signal);
  }

  /** Completes the report, in the order of the manifest. */
  async finish(signal: AbortSignal | undefined): Promise<void> {
    const { report } = this.#options;
    for (const row of this.#rows) {
      const outcome = this.#outcomeOf(row);
      if (outcome === undefined) continue;
      const { fileEntityId: id, versionNumber, fileName: name } = outcome.file;
      if (outcome.state === 'failed') {
        report.failed.push({ id, versionNumber, name, error: outcome.error });
        continue;
      }
      report[outcome.state].push({ id, versionNumber, path: outcome.path });
      report.bytes += outcome.bytes;
    }
    await this.#write(this.#rows);
    await this.#remove(signal);
  }

  /** The rows of the manifest. Read when the list is complete. */
  get #rows(): readonly MatchedRow[] {
    const { manifest, listed } = this.#options;
    return (this.#matched ??= matchRows(manifest, listed.items));
  }

  #outcomeOf({ file }: MatchedRow): FetchOutcome | undefined {
    return file && this.#outcomes.get(file);
  }

  async #write(rows: readonly MatchedRow[]): Promise<void> {
    const { path, manifest, report } = this.#options;
    await writeResultManifest(
      path,
      manifest.columns,
      rows.map((row) => this.#resultOf(row)),
    );
    report.manifest = path;
  }

  #resultOf(row: MatchedRow): ResultRow {
    const { cells } = row;
    const outcome = this.#outcomeOf(row);
    if (outcome === undefined) {
      return { cells, path: '', error: 'Put on the list after it was read: download it again.' };
    }
    return outcome.state === 'failed'
      ? { cells, path: '', error: outcome.error.message }
      : { cells, path: outcome.path, error: '' };
  }

  async #remove(signal: AbortSignal | undefined): Promise<void> {
    const files = this.#pending;
    this.#pending = [];
    this.#since = this.#clock.now();
    const items = files.map(itemOf);
    let removed = await removeItems(this.#ctx, items, { signal });
    if (removed < items.length) {
      // A service that lists a file with its current version, although it was added without one, finds it without one only.
      removed += await removeItems(this.#ctx, this.#withoutVersion(items), { signal });
    }
    this.#options.report.removed += removed;
  }

  /** The ids of these files, except those that are on the list without a version too: that entry may not be downloaded yet. */
  #withoutVersion(items: readonly DownloadListItem[]): DownloadListItem[] {
    const listed = new Set(this.#rows.map(({ file }) => file && keyOf(file)));
    const ids = new Set(items.map(({ fileEntityId }) => fileEntityId));
    return [...ids].filter((id) => !listed.has(id)).map((fileEntityId) => ({ fileEntityId }));
  }
}

function itemOf({ fileEntityId, versionNumber }: ListedFile): DownloadListItem {
  return versionNumber === undefined ? { fileEntityId } : { fileEntityId, versionNumber };
}
