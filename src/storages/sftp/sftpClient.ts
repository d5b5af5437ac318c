import { posix } from 'node:path';
import type { SFTPWrapper, Stats } from 'ssh2';
import type { Answer, SftpRequests } from './sftpRequests.js';

/** SSH_FX_NO_SUCH_FILE (SFTP version 3, section 7). */
const noSuchFile = 2;

/** Attributes of a file on an SFTP server. */
export interface SftpStats {
  /** Bytes. */
  size: number;
  /** Milliseconds since 1970, with a precision of seconds. */
  modifyTime: number;
}

/** Operations on whole files and folders. Errors name the file. */
export class SftpClient {
  readonly #requests: SftpRequests;

  constructor(requests: SftpRequests) {
    this.#requests = requests;
  }

  async stat(path: string): Promise<SftpStats> {
    const { size, mtime } = await this.#ask(path, (wire, answer: Answer<Stats>) =>
      wire.stat(path, answer),
    );
    return { size, modifyTime: mtime * 1000 };
  }

  async exists(path: string): Promise<boolean> {
    try {
      await this.stat(path);
      return true;
    } catch (error) {
      if (statusOf(error) === noSuchFile) return false;
      throw error;
    }
  }

  /** Creates a folder and its missing parents. */
  async makeFolder(path: string): Promise<void> {
    if (await this.exists(path)) return;
    await this.makeFolder(posix.dirname(path));
    try {
      await this.#ask(path, (wire, answer: Answer<void>) => wire.mkdir(path, answer));
    } catch (error) {
      // Another client may have created it. SFTP version 3 has no status code for that.
      if (!(await this.exists(path))) throw error;
    }
  }

  /** Deletes a file, if it exists. */
  async remove(path: string): Promise<void> {
    try {
      await this.#ask(path, (wire, answer: Answer<void>) => wire.unlink(path, answer));
    } catch (error) {
      if (statusOf(error) !== noSuchFile) throw error;
    }
  }

  rename(from: string, to: string): Promise<void> {
    return this.#ask(to, (wire, answer) => wire.rename(from, to, answer));
  }

  #ask<T>(path: string, start: (wire: SFTPWrapper, answer: Answer<T>) => void): Promise<T> {
    return this.#requests.send((wire, answer: Answer<T>) =>
      start(wire, (error, value) => {
        if (error) error.message += `: ${path}`;
        answer(error, value);
      }),
    );
  }
}

function statusOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
