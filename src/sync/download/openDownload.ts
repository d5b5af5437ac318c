import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Context } from '../../context.js';
import type { Parent } from '../../entities/entityClasses.js';
import { ArgumentError, FileSystemError } from '../../errors.js';
import { expandPath } from '../../files/expandPath.js';
import { idOf, parseSynapseId } from '../../values/ids.js';
import { globFilter } from '../globs.js';
import type { DownloadSettings } from '../plan/planData.js';
import { parseShard } from '../shard.js';
import { viewTree } from './viewTree.js';
import { requireDeletable } from './requireDeletable.js';
import type { PlanDownloadOptions } from './downloadOptions.js';
import { LastManifest } from './lastManifest.js';
import { LocalPaths } from './localPaths.js';
import { planDeletions, Seen } from './planDeletions.js';
import { planItems, type Planned } from './planItems.js';
import { RemoteTree, type LocalPlace, type TreeEntry } from './remoteTree.js';
import { shardEntries } from './shardEntries.js';
import { manifestPaths } from './writeManifests.js';

/** A download that is being planned. */
export interface OpenedDownload {
  directory: string;
  parentId: string;
  settings: DownloadSettings;
  last: LastManifest;
  /** The steps of the plan, as they are found. */
  planned: AsyncGenerator<Planned>;
}

const collisions: readonly string[] = ['keep.both', 'keep.local', 'overwrite.local'];
const manifestModes: readonly string[] = ['all', 'root', 'suppress'];

/**
 * Begins to plan a download.
 *
 * @throws {@link ArgumentError} for options that cannot be; {@link FileSystemError} when the directory is a file.
 */
export async function openDownload(
  ctx: Context,
  parent: Parent,
  directory: string,
  options: PlanDownloadOptions,
): Promise<OpenedDownload> {
  const { shard, includeActivity = true, verify = true, signal } = options;
  const { manifest = shard === undefined ? 'all' : 'root', ifCollision = 'overwrite.local' } =
    options;
  requireOneOf('manifest', manifest, manifestModes);
  requireOneOf('ifCollision', ifCollision, collisions);
  if (shard !== undefined) parseShard(shard);
  if (options.view !== undefined && options.followLink === true) {
    throw new ArgumentError('A view shows no links: use either view or followLink.');
  }
  const { id, version } = parseSynapseId(idOf(parent));
  const top = resolve(expandPath(directory));
  await requireDirectory(top);
  if (options.delete === true) requireDeletable(top);
  const settings: DownloadSettings = { manifest, includeActivity, shard, verify };
  const last = await readLast(top, shard, signal);
  const planned = plan(ctx, { id, version, top, last }, { ...options, ifCollision });
  return { directory: top, parentId: id, settings, last, planned };
}

/** What the last download into the directory did: all of it, and that of the shard. */
export function readLast(
  directory: string,
  shard: string | undefined,
  signal: AbortSignal | undefined,
): Promise<LastManifest> {
  const paths = [
    manifestPaths(directory),
    shard === undefined ? [] : manifestPaths(directory, shard),
  ]
    .flat()
    .filter(({ form }) => form === 'csv')
    .map(({ path }) => path);
  return LastManifest.read(directory, paths, signal);
}

interface Target {
  id: string;
  version: number | undefined;
  top: string;
  last: LastManifest;
}

async function* plan(
  ctx: Context,
  { id, version, top, last }: Target,
  options: PlanDownloadOptions & { ifCollision: NonNullable<PlanDownloadOptions['ifCollision']> },
): AsyncGenerator<Planned> {
  const { ifCollision, overwriteChanges = false, shard, signal } = options;
  const {
    recursive = true,
    followLink = false,
    linkHops,
    includeTypes,
    maxDepth = Infinity,
  } = options;
  const globs = globFilter(options);
  const paths = new LocalPaths(last);
  const existing = new Set<string>();
  const seen = new Seen();
  const place: LocalPlace = { id, name: '', path: top };
  const openFolder = async (folder: LocalPlace): Promise<void> => {
    const isThere = await paths.openDirectory(folder);
    if (isThere && folder.path !== undefined) existing.add(folder.path);
  };
  const common = { recursive, followLink, linkHops, includeTypes, maxDepth, globs, signal };
  const { view } = options;
  const listed =
    view === undefined
      ? new RemoteTree(ctx, place, { ...common, openFolder }).entries(id, version)
      : viewTree(ctx, { id, top: place }, { ...common, view, openFolder });
  const entries = seen.watch(listed);
  const own: AsyncIterable<TreeEntry> =
    shard === undefined ? entries : shardEntries(ctx, entries, parseShard(shard), signal);
  const compared = { ifCollision, overwriteChanges, globs, paths, last, existing, signal };
  for await (const planned of planItems(ctx, own, compared)) {
    seen.note(planned);
    yield planned;
  }
  if (options.delete === true) {
    const { force } = options;
    const own = shard === undefined ? undefined : parseShard(shard);
    yield* planDeletions({ directory: top, last, seen, globs, force, shard: own, signal });
  }
}

async function requireDirectory(path: string): Promise<void> {
  const there = await stat(path).catch(() => undefined);
  if (there === undefined || there.isDirectory()) return;
  throw new FileSystemError(`${path} is a file: give a directory to download to.`, {
    path,
    code: 'ENOTDIR',
  });
}

function requireOneOf(option: string, value: string, allowed: readonly string[]): void {
  if (allowed.includes(value)) return;
  throw new ArgumentError(
    `Unknown ${option} ${JSON.stringify(value)}. Use ${allowed.slice(0, -1).join(', ')} or ${allowed.at(-1) ?? ''}.`,
  );
}
