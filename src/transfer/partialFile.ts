import { randomUUID } from 'node:crypto';
import { constants, open, unlink, type FileHandle } from 'node:fs/promises';
import { DownloadError, fileSystemError, systemCode } from '../errors.js';
import { DownloadJournal, type DownloadIdentity } from './downloadJournal.js';
import { isSameFile, unlinkIfSame } from '../files/sameFile.js';
import { partialPaths } from './downloadPath.js';

/**
 * The temporary file of a download. It is kept when a download is interrupted, and the next download resumes
 * with the complete parts. A concurrent download of the same file to the same destination gets its own file.
 *
 * The journal is not trusted: the MD5 of the complete file is checked.
 */
export class PartialFile {
  readonly path: string;
  readonly file: FileHandle;
  /** One byte for each part: 1 when it is complete. */
  readonly done: Uint8Array;
  /** Whether the next attempt can use the parts of this one. */
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

  /** Records that a part is complete. */
  async recordPart(index: number): Promise<void> {
    this.done[index] = 1;
    await this.#journal?.recordPart(index);
  }

  /**
   * Checks, before the file gets its name, that it has the right length and is still the file at its path. Another
   * process could have considered this one dead and replaced it.
   */
  async checkWhole(size: number): Promise<void> {
    const info = await this.file.stat();
    if (info.size === size && (await isSameFile(this.path, this.file))) return;
    throw new DownloadError(
      `${this.path} was changed by another program. Download the file again.`,
    );
  }

  /** Closes the files. They are kept when the next attempt can use them. */
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

/** Windows has no such flag, but few users there may create links. */
const noFollow = 'O_NOFOLLOW' in constants ? constants.O_NOFOLLOW : 0;

/** Opens the file of an earlier download, without following a link. */
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
