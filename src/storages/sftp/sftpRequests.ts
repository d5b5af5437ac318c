import type { SFTPWrapper } from 'ssh2';
import { NetworkError } from '../../errors.js';

/** Called with the response to a request. */
export type Answer<T> = (error: Error | null | undefined, value: T) => void;

/** Pending requests. When the connection breaks, `ssh2` drops requests that are being sent; here they fail. */
export class SftpRequests {
  readonly #wire: SFTPWrapper;
  readonly #waiting = new Set<(error: Error) => void>();
  #lost: NetworkError | undefined;

  constructor(wire: SFTPWrapper) {
    this.#wire = wire;
  }

  /** Sends a request and waits for its response. */
  send<T>(start: (wire: SFTPWrapper, answer: Answer<T>) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#lost !== undefined) {
        reject(this.#lost);
        return;
      }
      this.#waiting.add(reject);
      start(this.#wire, (error, value) => {
        this.#waiting.delete(reject);
        if (error) reject(error);
        else resolve(value);
      });
    });
  }

  /** Fails all pending requests. */
  lose(host: string): void {
    this.#lost ??= new NetworkError(`The connection to the SFTP server ${host} broke.`);
    for (const reject of this.#waiting) reject(this.#lost);
    this.#waiting.clear();
  }
}
