import { join, resolve } from 'node:path';
import type * as M from '../../generated/models.js';
import type { File } from '../entities/entityClasses.js';
import { PartialFailureError, type Failure } from '../errors.js';
import type { CommonOptions } from '../options.js';
import type { Collision } from '../transfer/collision.js';
import { DownloadTurns } from '../transfer/downloadTurns.js';
import { PathClaims } from '../transfer/pathClaims.js';
import { prepareFolder } from '../files/placeFile.js';
import { safeName } from '../files/safeName.js';
import { runConcurrently } from './runConcurrently.js';
import { walk, type ChildLister } from './walk.js';

/** What {@link getDirectory} needs of a client. */
export interface FileGetter extends ChildLister {
  get(id: string, options: GetFileOptions): Promise<object>;
}

interface GetFileOptions extends CommonOptions {
  downloadLocation: string;
  ifCollision: Collision;
  verify?: boolean;
  claims: PathClaims;
  turns: DownloadTurns;
}

export interface GetDirectoryOptions extends CommonOptions {
  /** How many files are fetched at a time. @default 4 */
  concurrency?: number;
  /** What to do about a local file of the same name that is another one. @default 'keep.both' */
  ifCollision?: Collision;
  /** Compares the MD5 of what is downloaded with the one that Synapse has. @default true */
  verify?: boolean;
}

/** Files that are read in advance of their turn: so many share a call for their URLs. */
const lookAhead = 60;

const fileType = 'org.sagebionetworks.repo.model.FileEntity';

/**
 * Downloads the files of a project or folder and of all folders in it into a local directory, which gets a
 * directory for each folder. A file that is there already is not fetched again.
 *
 * @returns each file as it arrives
 * @throws {@link PartialFailureError} at the end, when some files could not be downloaded; the others are
 */
export async function* getDirectory(
  syn: FileGetter,
  id: string,
  directory: string,
  options: GetDirectoryOptions = {},
): AsyncGenerator<File> {
  const { concurrency = 4, ifCollision = 'keep.both', ...common } = options;
  const failures: Failure[] = [];
  const claims = new PathClaims();
  const turns = new DownloadTurns(concurrency);
  const getOne = async ({ header, into }: Wanted): Promise<File | undefined> => {
    try {
      const downloadLocation = into;
      const options = { ...common, ifCollision, downloadLocation, claims, turns };
      return (await syn.get(header.id, options)) as File;
    } catch (error) {
      common.signal?.throwIfAborted();
      failures.push({ path: `${header.name} (${header.id})`, error: error as Error });
      return undefined;
    }
  };
  const wanted = findFiles(syn, id, resolve(directory), common);
  for await (const file of runConcurrently(wanted, concurrency + lookAhead, getOne)) {
    if (file) yield file;
  }
  if (failures.length > 0) throw new PartialFailureError('downloaded', failures);
}

interface Wanted {
  header: M.EntityHeader;
  /** Local directory that the file goes into; it exists. */
  into: string;
}

async function* findFiles(
  syn: ChildLister,
  id: string,
  directory: string,
  options: CommonOptions,
): AsyncGenerator<Wanted> {
  for await (const { path, files } of walk(syn, id, options)) {
    const names = path === '' ? [] : path.split('/');
    const into = join(directory, ...names.map((name) => safeName(name)));
    await prepareFolder(into);
    for (const header of files) {
      if (header.type === fileType) yield { header, into };
    }
  }
}
