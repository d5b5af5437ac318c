import type { Progress } from '../index.js';
import { redactText } from '../redact.js';
import { formatBytes } from '../values/formatBytes.js';
import { printable } from './printable.js';
import { eventLine } from './printEvent.js';
import { ProgressBoard } from './progressBoard.js';
import { textWidth } from './textWidth.js';

interface ViewOptions {
  quiet: boolean;
  json: boolean;
  stream: NodeJS.WriteStream;
  /** @default process.env */
  environment?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds of a monotonic clock. */
  now?: () => number;
}

/** Shows the progress of transfers. */
export interface ProgressView {
  readonly show: (progress: Progress) => void;
  /** Writes other text without mixing it with the bars. */
  print(write: () => void): void;
  /** Erases the bars. */
  end(): void;
}

/**
 * Renders progress events: bars on a terminal (erased at the end), one line for each finished file when stderr is a file or
 * a pipe, NDJSON events with `--json`, nothing with `--quiet`.
 */
export function createProgressView(options: ViewOptions): ProgressView {
  const { stream, quiet, json, environment = process.env, now = () => performance.now() } = options;
  const still = { print: (write: () => void) => write(), end: () => undefined };
  if (quiet) return { ...still, show: () => undefined };
  if (json) return { ...still, show: throttled((line) => void stream.write(line)) };
  if (stream.isTTY && !environment['CI'] && environment['TERM'] !== 'dumb') {
    return new ProgressBars(stream, { ascii: !isUnicode(environment) });
  }
  return { ...still, show: lineByLine((line) => void stream.write(line), now) };
}

const finishedWord: Readonly<Record<Progress['kind'], string>> = {
  upload: 'uploaded',
  download: 'downloaded',
  hash: '',
  sync: 'synchronised',
  copy: 'copied',
  job: '',
};

/** Milliseconds of retries before a line is printed about a file, and between further lines. */
const troubleAfter = 5000;
const troubleAgain = 30_000;

function lineByLine(
  write: (line: string) => void,
  now: () => number,
): (progress: Progress) => void {
  /** Time of the next line about the retries of a file. */
  const due = new Map<string, number>();
  return (progress) => {
    const { state, path, message = '' } = progress;
    if (state !== 'retry') {
      due.delete(path);
      const line = finishedLine(progress);
      if (line !== '') write(line);
    } else if (!due.has(path)) {
      due.set(path, now() + troubleAfter);
    } else if (now() >= (due.get(path) ?? 0)) {
      due.set(path, now() + troubleAgain);
      write(`still trying ${printable(path)}: ${shown(message)}\n`);
    }
  };
}

/** Says that a transfer goes on where an earlier run ended; empty for other events. */
function resumedLine({ kind, path, state, transferredBytes, totalBytes }: Progress): string {
  const isTransfer = kind === 'upload' || kind === 'download';
  if (!isTransfer || state !== 'start' || transferredBytes === 0) return '';
  const total = totalBytes === undefined ? '' : ` of ${formatBytes(totalBytes)}`;
  return `resuming ${printable(path)}: ${formatBytes(transferredBytes)}${total} were transferred before\n`;
}

function finishedLine(progress: Progress): string {
  const { kind, path, state, message } = progress;
  if (state === 'start') return resumedLine(progress);
  const word = state === 'skipped' ? state : state === 'done' ? finishedWord[kind] : '';
  if (word === '') return '';
  return `${word} ${printable(path)}${message ? `: ${shown(message)}` : ''}\n`;
}

function shown(message: string): string {
  return printable(redactText(message));
}

/** Milliseconds between two progress events of a file. The first and the last event are always printed. */
const eventInterval = 200;

function throttled(write: (line: string) => void): (progress: Progress) => void {
  const last = new Map<string, number>();
  return (progress) => {
    const now = performance.now();
    const isNews = progress.state !== 'progress';
    if (!isNews && now - (last.get(progress.path) ?? -Infinity) < eventInterval) return;
    last.set(progress.path, now);
    write(`${eventLine(progress)}\n`);
  };
}

function isUnicode(environment: Readonly<Record<string, string | undefined>>): boolean {
  const { LC_ALL, LC_CTYPE, LANG } = environment;
  return process.platform === 'win32' || /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || '');
}

/** Milliseconds before bars appear: short transfers need none. */
const patience = 300;
const frameInterval = 100;

/** Redraws the progress board below the cursor. */
class ProgressBars implements ProgressView {
  readonly #stream: NodeJS.WriteStream;
  readonly #board: ProgressBoard;
  #timer: NodeJS.Timeout | undefined;
  #began = 0;
  /** The lines above the cursor. */
  #drawn: readonly string[] = [];

  constructor(stream: NodeJS.WriteStream, options: { ascii: boolean }) {
    this.#stream = stream;
    this.#board = new ProgressBoard(options);
  }

  readonly show = (progress: Progress): void => {
    this.#board.update(progress);
    const resumed = resumedLine(progress);
    if (resumed !== '') this.print(() => void this.#stream.write(resumed));
    if (this.#timer !== undefined) return;
    this.#began = performance.now();
    this.#timer = setInterval(() => this.#draw(), frameInterval);
    this.#timer.unref();
  };

  print(write: () => void): void {
    this.#erase();
    write();
  }

  end(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#erase();
  }

  #draw(): void {
    const now = performance.now();
    // One column stays free, because some terminals wrap a line that fills their width.
    const lines = this.#board.lines(now, (this.#stream.columns || 80) - 1);
    if (now - this.#began < patience) return;
    if (!this.#board.isBusy) {
      this.#erase();
      return;
    }
    const rows = this.#drawnRows();
    const up = rows > 0 ? `\u001b[${rows}A` : '';
    // Line wrapping is off (?7l): a name that is wider than computed is cut and does not move the other lines.
    const text = lines.map((line) => `\r${line}\u001b[K\n`).join('');
    this.#stream.write(`${up}\u001b[?7l${text}\u001b[?7h\u001b[J`);
    this.#drawn = lines;
  }

  #erase(): void {
    const rows = this.#drawnRows();
    if (rows > 0) this.#stream.write(`\u001b[${rows}A\r\u001b[J`);
    this.#drawn = [];
  }

  /** The rows that the drawn lines take now. A terminal that was made narrower has wrapped some of them. */
  #drawnRows(): number {
    const columns = this.#stream.columns || 80;
    return this.#drawn.reduce(
      (rows, line) => rows + Math.max(1, Math.ceil(textWidth(line) / columns)),
      0,
    );
  }
}
