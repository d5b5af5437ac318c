import { formatBytes } from './formatBytes.js';
import type { MultiBar, SingleBar } from 'cli-progress';
import type { Progress } from '../index.js';

interface ViewOptions {
  quiet: boolean;
  json: boolean;
  stream: NodeJS.WriteStream;
}

const finishedWord: Readonly<Record<Progress['kind'], string>> = {
  upload: 'uploaded',
  download: 'downloaded',
  hash: 'checked',
  sync: 'synchronised',
  job: 'finished',
};

/**
 * The one place that turns progress events into something to look at: bars on a terminal (erased at the end),
 * one line a finished file where stderr is a file or a pipe, NDJSON events with `--json`, nothing when quiet.
 */
export async function createProgressView(options: ViewOptions): Promise<(p: Progress) => void> {
  const { stream, quiet, json } = options;
  if (quiet) return () => undefined;
  if (json) return (progress) => void stream.write(`${JSON.stringify(progress)}\n`);
  if (stream.isTTY && !process.env['CI']) return createBars(stream);
  return (progress) => {
    if (progress.state === 'done' && progress.kind !== 'hash') {
      stream.write(`${finishedWord[progress.kind]} ${progress.path}\n`);
    }
  };
}

/** At most this many files have a bar of their own; the rest count in the total alone. */
const maxFileBars = 4;

async function createBars(stream: NodeJS.WriteStream): Promise<(p: Progress) => void> {
  const { MultiBar, Presets } = await import('cli-progress');
  const bars = new MultiBar(
    {
      stream,
      clearOnComplete: true,
      hideCursor: true,
      format: '{bar} {percentage}% {done}/{size} {name}',
    },
    Presets.shades_classic,
  );
  return new BarBoard(bars).show;
}

class BarBoard {
  readonly #bars: MultiBar;
  readonly #barOf = new Map<string, SingleBar>();

  constructor(bars: MultiBar) {
    this.#bars = bars;
  }

  readonly show = (progress: Progress): void => {
    const key = `${progress.kind} ${progress.path}`;
    const ended = ['done', 'error', 'skipped'].includes(progress.state);
    const bar = this.#barOf.get(key) ?? (ended ? undefined : this.#open(key, progress));
    if (!bar) return;
    bar.update(progress.transferredBytes, payload(progress));
    if (!ended) return;
    this.#bars.remove(bar);
    this.#barOf.delete(key);
    if (this.#barOf.size === 0) this.#bars.stop();
  };

  #open(key: string, progress: Progress): SingleBar | undefined {
    if (this.#barOf.size >= maxFileBars) return undefined;
    const bar = this.#bars.create(progress.totalBytes ?? 0, 0, payload(progress));
    this.#barOf.set(key, bar);
    return bar;
  }
}

function payload({ path, transferredBytes, totalBytes }: Progress): object {
  return {
    name: path,
    done: formatBytes(transferredBytes),
    size: totalBytes === undefined ? '?' : formatBytes(totalBytes),
  };
}
