import type * as M from '../../../generated/models.js';
import type { HandleRecord } from '../files/handleRecords.js';

/** Names the files of one archive, as in the cache of clients or without folders. */
export class ZipEntryNames {
  readonly #format: M.ZipFileFormat;
  /** How often each name came up. */
  readonly #counts = new Map<string, number>();
  readonly #used = new Set<string>();

  constructor(format: M.ZipFileFormat = 'CommandLineCache') {
    this.#format = format;
  }

  /** The path of a file in the archive. Each file has another one. */
  next(handle: Pick<HandleRecord, 'id' | 'fileName'>): string {
    const { id, fileName = id } = handle;
    const name = plainName(fileName);
    return this.#format === 'Flat' ? this.#flat(name) : `${Number(id) % 1000}/${id}/${name}`;
  }

  /** A number comes before the first dot: `data.tar.gz`, `data(1).tar.gz`, `data(2).tar.gz`. */
  #flat(name: string): string {
    let count = this.#counts.get(name) ?? 0;
    let free = name;
    if (count === 0) count = 1;
    if (this.#counts.has(name) || this.#used.has(name)) {
      const dot = name.indexOf('.');
      const [stem, suffix] = dot < 0 ? [name, ''] : [name.slice(0, dot), name.slice(dot)];
      do {
        free = `${stem}(${count})${suffix}`;
        count += 1;
      } while (this.#used.has(free));
    }
    this.#counts.set(name, count);
    this.#used.add(free);
    return free;
  }
}

/** Removes path segments that would lead outside of the directory when the archive is unpacked. */
function plainName(name: string): string {
  const plain = name.replace(/[/\\\p{Cc}]/gu, '_');
  return plain === '.' || plain === '..' || plain === '' ? '_' : plain;
}
