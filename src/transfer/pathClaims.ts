/**
 * Which file goes to which path, among downloads that run together: two files of one name must not meet in one path
 * before either is there to be seen.
 */
export class PathClaims {
  readonly #owners = new Map<string, string>();

  /** Whether another file goes there. */
  isTaken(path: string, owner: string): boolean {
    const other = this.#owners.get(keyOf(path));
    return other !== undefined && other !== owner;
  }

  /** Takes a path for a file. @returns false when another file goes there */
  take(path: string, owner: string): boolean {
    if (this.isTaken(path, owner)) return false;
    this.#owners.set(keyOf(path), owner);
    return true;
  }
}

/** Names that differ in case alone are one name where file systems usually say so. */
function keyOf(path: string): string {
  const ignoresCase = process.platform === 'win32' || process.platform === 'darwin';
  return ignoresCase ? path.normalize('NFC').toLowerCase() : path;
}
