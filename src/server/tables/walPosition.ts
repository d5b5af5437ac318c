/** A place in a log, up to which transactions are committed. */
export interface WalPosition {
  /** Changes when the log starts again from its beginning. */
  readonly salt: string;
  /** Number of frames. */
  readonly frames: number;
  /** Checksum over all of them. */
  readonly check: string;
}

/** The position in no log. */
export const noWal: WalPosition = { salt: '', frames: 0, check: '' };
