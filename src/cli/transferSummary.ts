import type { Progress } from '../index.js';
import { formatBytes } from '../values/formatBytes.js';

/** What a command did with many files. */
export interface TransferTotals {
  kind: 'summary';
  /** Files that were transferred. */
  transferred: number;
  /** Files that needed no transfer. */
  skipped: number;
  failed: number;
  /** Entities that are not files. */
  leftOut: number;
  /** Bytes of the transferred files. */
  bytes: number;
  seconds: number;
}

/** Counts how the files of a command end. */
export class TransferSummary {
  readonly #began = performance.now();
  readonly #counts = { transferred: 0, skipped: 0, failed: 0, leftOut: 0, bytes: 0 };

  readonly count = ({ kind, state, transferredBytes }: Progress): void => {
    if (kind !== 'upload' && kind !== 'download') return;
    if (state === 'skipped') this.#counts.skipped += 1;
    if (state !== 'done') return;
    this.#counts.transferred += 1;
    this.#counts.bytes += transferredBytes;
  };

  countLeftOut(): void {
    this.#counts.leftOut += 1;
  }

  /** @param error - The error that the command ends with. */
  countFailures(error: unknown): void {
    if (typeof error !== 'object' || error === null || !('failures' in error)) return;
    if (Array.isArray(error.failures)) this.#counts.failed = error.failures.length;
  }

  /** Whether nothing was counted. */
  get isEmpty(): boolean {
    return Object.values(this.#counts).every((count) => count === 0);
  }

  totals(): TransferTotals {
    const seconds = Math.round((performance.now() - this.#began) / 100) / 10;
    return { kind: 'summary', ...this.#counts, seconds };
  }
}

/** What happened to the files that were transferred, and to those that needed none. */
export interface SummaryWords {
  transferred: string;
  skipped: string;
}

/** One line: `3 uploaded (1.2 MiB), 5 unchanged, 1 failed in 2.1 s`. */
export function summaryLine(
  { transferred, skipped, failed, leftOut, bytes, seconds }: TransferTotals,
  words: SummaryWords,
): string {
  const parts = [
    `${transferred} ${words.transferred} (${formatBytes(bytes)})`,
    skipped > 0 && `${skipped} ${words.skipped}`,
    failed > 0 && `${failed} failed`,
    leftOut > 0 && `${leftOut} left out`,
  ];
  return `${parts.filter((part) => part !== false).join(', ')} in ${seconds} s`;
}
