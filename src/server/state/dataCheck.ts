import { copyFileSync, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** One place where the files of a data directory are damaged. */
export interface Damage {
  /** Path of the file in the data directory. */
  readonly file: string;
  /** Offset of the damaged record, in bytes. */
  readonly offset?: number;
  /** Number of the damaged record. */
  readonly record?: number;
  readonly problem: string;
}

/** Data that a recovery could not keep. */
export interface LostData {
  /** Path of the file in the data directory. */
  readonly file: string;
  /** What is lost, in words. */
  readonly what: string;
  /** First and last number of the lost records of the journal. */
  readonly records?: readonly [first: number, last: number];
  /** Number of the lost entries of the snapshot. */
  readonly entries?: number;
  /** `<collection> <id>` of the lost values, as far as they are readable. */
  readonly ids: readonly string[];
}

/** The result of a recovery. */
export interface RecoveryReport {
  readonly damages: readonly Damage[];
  /** Empty when everything could be kept. */
  readonly lost: readonly LostData[];
  /** Directory with a copy of every damaged file. */
  readonly copies: string;
}

/** How many damages a message lists. */
const listed = 10;

/** The files of a data directory are damaged. Nothing was changed. */
export class DataDamageError extends Error {
  override readonly name = 'DataDamageError';
  readonly dataDir: string;
  readonly damages: readonly Damage[];

  constructor(dataDir: string, damages: readonly Damage[]) {
    const lines = damages.slice(0, listed).map((damage) => `\n  ${describeDamage(damage)}`);
    const more = damages.length > listed ? `\n  and ${damages.length - listed} more` : '';
    super(
      `The data directory ${dataDir} is damaged:${lines.join('')}${more}\n` +
        'Nothing was changed. Restore the directory from a copy, or start with --recover (option `recover`) to keep ' +
        'everything that is whole and to learn what is lost.',
    );
    this.dataDir = dataDir;
    this.damages = damages;
  }
}

/** `journal.jsonl is damaged at byte 512 (record 7): its checksum does not match` */
export function describeDamage({ file, offset, record, problem }: Damage): string {
  if (offset === undefined) {
    return `${file}: ${problem}`;
  }
  const number = record === undefined ? '' : ` (record ${record})`;
  return `${file} is damaged at byte ${offset}${number}: ${problem}`;
}

/** A text that lists the damages and the losses of a recovery. */
export function describeRecovery({ damages, lost, copies }: RecoveryReport): string {
  const losses = lost.map(
    ({ file, what, ids }) => `\n  ${file}: ${what}${ids.length > 0 ? ` (${ids.join(', ')})` : ''}`,
  );
  return (
    `The data directory was damaged and has been repaired:${damages.map((one) => `\n  ${describeDamage(one)}`).join('')}\n` +
    `${losses.length > 0 ? `Lost:${losses.join('')}` : 'Nothing is lost.'}\n` +
    `Copies of the damaged files are in ${copies}.`
  );
}

/** Collects the damages of a data directory, and what their repair loses. */
export class DataCheck {
  /** Whether damages are repaired. Otherwise {@link DataCheck.refuse} throws. */
  readonly recovers: boolean;
  readonly damages: Damage[] = [];
  readonly lost: LostData[] = [];
  readonly #dataDir: string;
  readonly #copied = new Set<string>();
  #copies: string | undefined;

  constructor(dataDir: string, { recover = false } = {}) {
    this.#dataDir = dataDir;
    this.recovers = recover;
  }

  add(...damages: readonly Damage[]): void {
    this.damages.push(...damages);
  }

  /** Records what a repair loses. */
  lose(...lost: readonly LostData[]): void {
    this.lost.push(...lost);
  }

  /** @throws DataDamageError when there are damages that must not be repaired */
  refuse(): void {
    if (!this.recovers && this.damages.length > 0) {
      throw new DataDamageError(this.#dataDir, this.damages);
    }
  }

  /** Keeps a copy of a file before it is replaced. */
  copy(file: string): void {
    if (!this.#copied.has(file) && existsSync(join(this.#dataDir, file))) {
      copyFileSync(join(this.#dataDir, file), this.#placeOf(file));
    }
    this.#copied.add(file);
  }

  /** Moves a damaged file away. */
  moveAway(file: string): void {
    if (existsSync(join(this.#dataDir, file))) {
      renameSync(join(this.#dataDir, file), this.#placeOf(file));
    }
    this.#copied.add(file);
  }

  /** Ends a recovery. The report is also written beside the copies. */
  report(): RecoveryReport | undefined {
    if (this.damages.length === 0) {
      return undefined;
    }
    const report = { damages: this.damages, lost: this.lost, copies: this.#directory() };
    writeFileSync(join(report.copies, 'report.json'), `${JSON.stringify(report, undefined, 2)}\n`, {
      mode: 0o600,
    });
    return report;
  }

  #placeOf(file: string): string {
    const place = join(this.#directory(), file);
    mkdirSync(dirname(place), { recursive: true, mode: 0o700 });
    return place;
  }

  #directory(): string {
    this.#copies ??= makeFreeDirectory(
      join(this.#dataDir, `damaged-${new Date().toISOString().replace(/\W/g, '')}`),
    );
    return this.#copies;
  }
}

function makeFreeDirectory(path: string): string {
  for (let number = 1; ; number += 1) {
    const directory = number === 1 ? path : `${path}-${number}`;
    if (mkdirSync(directory, { recursive: true, mode: 0o700 }) !== undefined) {
      return directory;
    }
  }
}
