import type { Progress } from '../index.js';
import { formatBytes } from '../values/formatBytes.js';
import { printable } from './printable.js';
import { cutColumns, lastColumns, textWidth } from './textWidth.js';

/** Maximum number of files with their own bar. The total includes all files. */
const maxFileBars = 4;
/** Milliseconds over which the rate is measured. */
const rateWindow = 5000;

interface Active {
  kind: Progress['kind'];
  path: string;
  bytes: number;
  total: number | undefined;
  isRetrying: boolean;
}

const verbs: Readonly<Record<Progress['kind'], string>> = {
  upload: '',
  download: '',
  hash: 'checking ',
  sync: '',
  copy: 'copying ',
  job: 'waiting for ',
};

/** Renders the progress of transfers as lines of text. */
export class ProgressBoard {
  readonly #active = new Map<string, Active>();
  /** Bytes of the files whose transfer has not begun. */
  readonly #waiting = new Map<string, number>();
  readonly #blocks: readonly [full: string, empty: string];
  #samples: { at: number; moved: number }[] = [];
  /** Finished files, and their bytes. */
  #files = 0;
  #bytes = 0;
  /** Bytes transferred since the start, without those of an earlier run. */
  #moved = 0;

  constructor({ ascii = false }: { ascii?: boolean } = {}) {
    this.#blocks = ascii ? ['#', '.'] : ['█', '░'];
  }

  get isBusy(): boolean {
    return this.#active.size > 0;
  }

  update(progress: Progress): void {
    const { kind, path, state, transferredBytes: bytes } = progress;
    if (state === 'waiting') {
      this.#waiting.set(path, progress.totalBytes ?? 0);
      return;
    }
    if (isTransfer(kind)) this.#waiting.delete(path);
    const known = this.#active.get(path);
    if (state === 'done' || state === 'error' || state === 'skipped') {
      this.#active.delete(path);
      if (!isTransfer(kind)) return;
      this.#files += 1;
      if (known) this.#count(known, bytes, state === 'skipped');
      this.#bytes += bytes;
      return;
    }
    if (known?.kind === kind) this.#count(known, bytes, state === 'start');
    this.#active.set(path, {
      kind,
      path,
      bytes,
      total: progress.totalBytes,
      isRetrying: state === 'retry',
    });
  }

  #count({ kind, bytes }: Active, now: number, isThere: boolean): void {
    if (isTransfer(kind) && !isThere) this.#moved += Math.max(0, now - bytes);
  }

  /** The total, then one line for each of a few files. No line is longer than `width`. */
  lines(now: number, width: number): string[] {
    const active = [...this.#active.values()];
    const transfers = active.filter(({ kind }) => isTransfer(kind));
    const files = active.slice(0, maxFileBars).map((file) => this.#fileLine(file, width));
    const isFirst = this.#files + transfers.length + this.#waiting.size === 0;
    return isFirst ? files : [this.#totalLine(transfers, now, width), ...files];
  }

  #totalLine(transfers: readonly Active[], now: number, width: number): string {
    const bytes = transfers.reduce((sum, file) => sum + file.bytes, this.#bytes);
    const isKnown = transfers.every(({ total }) => total !== undefined);
    const waiting = [...this.#waiting.values()].reduce((sum, size) => sum + size, 0);
    const all = transfers.reduce((sum, { total = 0 }) => sum + total, this.#bytes + waiting);
    const rate = this.#rate(now);
    const left = isKnown && rate > 0 ? (all - bytes) / rate : undefined;
    const count = this.#files + transfers.length + this.#waiting.size;
    const columns = [
      this.#bar(bytes, isKnown ? all : undefined, width),
      `${formatBytes(rate)}/s`.padStart(12),
      `ETA ${left === undefined ? '-:--' : formatTime(left)}`.padEnd(11),
      count > 1 ? `${this.#files} of ${count} files` : '',
    ];
    // On a narrow terminal, the columns are not aligned. If that is not enough, the last ones are omitted, not cut off.
    const narrow = columns.map((column) => column.trim());
    const shown = textWidth(columns.join(' ')) > width ? narrow : columns;
    while (shown.length > 1 && textWidth(shown.join(' ')) > width) shown.pop();
    return cutColumns(shown.join(' ').trimEnd(), width);
  }

  #fileLine({ kind, path, bytes, total, isRetrying }: Active, width: number): string {
    const bar = this.#bar(bytes, total, width, kind === 'job');
    const before = isRetrying ? 'retrying ' : verbs[kind];
    const room = width - bar.length - 1 - before.length;
    return `${bar} ${before}${lastColumns(printable(path), room)}`;
  }

  #bar(bytes: number, total: number | undefined, width: number, isJob = false): string {
    const length = Math.min(Math.max(Math.floor(width / 6), 6), 24);
    const share = total === undefined ? 0 : total === 0 ? 1 : Math.min(bytes / total, 1);
    const full = Math.floor(share * length);
    const [block, space] = this.#blocks;
    const percent = total === undefined ? '' : `${Math.floor(share * 100)}%`;
    const size = `${formatBytes(bytes)} of ${total === undefined ? '?' : formatBytes(total)}`;
    const sizes = isJob ? '' : size;
    return `${block.repeat(full)}${space.repeat(length - full)} ${percent.padStart(4)} ${sizes.padEnd(22)}`;
  }

  /** The current rate in bytes per second. */
  #rate(now: number): number {
    this.#samples = this.#samples.filter(({ at }) => now - at <= rateWindow);
    this.#samples.push({ at: now, moved: this.#moved });
    const [first] = this.#samples;
    if (first === undefined || now === first.at) return 0;
    return ((this.#moved - first.moved) / (now - first.at)) * 1000;
  }
}

function isTransfer(kind: Progress['kind']): boolean {
  return kind === 'upload' || kind === 'download' || kind === 'sync';
}

/** `75` is `1:15`. */
function formatTime(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole >= 360_000) return '>99 h';
  const two = (value: number): string => String(value).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  return minutes < 60
    ? `${minutes}:${two(whole % 60)}`
    : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`;
}
