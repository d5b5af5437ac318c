import { randomUUID } from 'node:crypto';
import { constants, open, unlink, type FileHandle } from 'node:fs/promises';
import { DownloadError, fileSystemError, systemCode } from '../errors.js';
import { DownloadJournal, type DownloadIdentity } from './downloadJournal.js';
import { isSameFile, unlinkIfSame } from '../files/sameFile.js';
import { partialPaths } from './downloadPath.js';

/**
 * The file that a download writes to until it is whole. A download that was killed goes on with the
 * parts it has. Two downloads of one file to one place do not meet: the second one works on a file
 * of its own.
 *
 * What the journal says of an earlier attempt is checked by the MD5 of the whole file, never trusted.
 */
export class PartialFile {
  readonly path: string;
  readonly file: FileHandle;
  /** One byte a part: 1 when it is whole. */
  readonly done: Uint8Array;
  /** Whether a next attempt could use the parts of this one. */
  readonly #isResumable: boolean;
  readonly #journal: DownloadJournal | undefined;

  private constructor(
    path: string,
    file: FileHandle,
    done: Uint8Array,
    claimed?: { journal: DownloadJournal; identity: DownloadIdentity },
  ) {
    this.path = path;
    this.file = file;
    this.done = done;
    this.#journal = claimed?.journal;
    this.#isResumable = claimed?.identity.md5 !== undefined;
  }

  /** @throws FileSystemError when it cannot be written */
  static async open(destination: string, identity: DownloadIdentity): Promise<PartialFile> {
    const paths = partialPaths(destination, identity.fileHandleId);
    try {
      const claim = await DownloadJournal.claim(paths.journal, identity);
      if (claim === undefined) {
        const path = `${paths.part}.${randomUUID()}`;
        const parts = new Uint8Array(Math.ceil(identity.size / identity.partSize));
        return new PartialFile(path, await open(path, 'wx'), parts);
      }
      const { journal, done } = claim;
      try {
        return new PartialFile(paths.part, await openPart(paths.part, done), done, {
          journal,
          identity,
        });
      } catch (error) {
        await journal.remove();
        throw error;
      }
    } catch (cause) {
      throw fileSystemError('Cannot write', destination, cause);
    }
  }

  /** Whether an earlier download left parts. */
  get isResumed(): boolean {
    return this.done.includes(1);
  }

  /** Records that a part is whole. */
  async recordPart(index: number): Promise<void> {
    this.done[index] = 1;
    await this.#journal?.recordPart(index);
  }

  /**
   * Makes sure, before the file gets its name, that it has its length and that no other process,
   * taking this one for dead, has put another file in its place.
   */
  async checkWhole(size: number): Promise<void> {
    const info = await this.file.stat();
    if (info.size === size && (await isSameFile(this.path, this.file))) return;
    throw new DownloadError(
      `${this.path} was changed by another program. Download the file again.`,
    );
  }

  /** Closes the files and leaves them to the next attempt, if it could use them. */
  async leave(): Promise<void> {
    if (this.#journal === undefined || !this.#isResumable || !this.done.includes(1)) {
      await this.remove();
      return;
    }
    await this.file.close().catch(() => undefined);
    await this.#journal.close();
  }

  /** Closes and removes the files. */
  async remove(): Promise<void> {
    await unlinkIfSame(this.path, this.file);
    await this.file.close().catch(() => undefined);
    await this.#journal?.remove();
  }
}

/** Windows has no such flag, and links there need rights that few users have. */
const noFollow = 'O_NOFOLLOW' in constants ? constants.O_NOFOLLOW : 0;

/** Opens what an earlier download left, but never through a link that somebody put there. */
async function openPart(path: string, done: Uint8Array): Promise<FileHandle> {
  if (done.includes(1)) {
    try {
      return await open(path, constants.O_RDWR | noFollow);
    } catch {
      done.fill(0);
    }
  }
  await unlink(path).catch((error: unknown) => {
    if (systemCode(error) !== 'ENOENT') throw error;
  });
  return open(path, 'wx+');
}
