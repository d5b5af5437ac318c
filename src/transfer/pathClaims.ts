/**
 * Reserves paths for the downloads of a bulk, so that two files of the same name do not choose the same path before
 * either of them exists.
 */
export class PathClaims {
  readonly #owners = new Map<string, string>();

  /** Whether the path is reserved for another file. */
  isTaken(path: string, owner: string): boolean {
    const other = this.#owners.get(keyOf(path));
    return other !== undefined && other !== owner;
  }

  /** Reserves a path for a file. @returns false when it is reserved for another file */
  take(path: string, owner: string): boolean {
    if (this.isTaken(path, owner)) return false;
    this.#owners.set(keyOf(path), owner);
    return true;
  }
}

/** File systems of Windows and macOS usually ignore the case of names. */
function keyOf(path: string): string {
  const ignoresCase = process.platform === 'win32' || process.platform === 'darwin';
  return ignoresCase ? path.normalize('NFC').toLowerCase() : path;
}
