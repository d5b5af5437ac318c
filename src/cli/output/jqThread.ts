import { createRequire } from 'node:module';
import type { Worker } from 'node:worker_threads';
import { usageError } from '../usageError.js';

/** What jq answers: its output as compact JSON, one result per line, and its error. */
export interface JqAnswer {
  lines: string[];
  error: Error | undefined;
}

/** How {@link JqThread} runs. */
export interface JqOptions {
  expression: string;
  signal: AbortSignal;
  /** Milliseconds for one run. @default one minute */
  timeLimit?: number;
}

interface Ran {
  stdout: string;
  stderr: string;
  exitCode: number;
}

/** The program of the thread. A string, because the path of a file would differ between the sources and the build. */
const program = `
const { parentPort, workerData } = require('node:worker_threads');
const loading = require(workerData.path).loadJq();
// A space before the expression: jq would take one that begins with a dash for an option.
parentPort.on('message', (input) =>
  loading
    .then((jq) => parentPort.postMessage(jq.raw(input, ' ' + workerData.expression, ['-c'])))
    .catch((error) => parentPort.postMessage({ stdout: '', stderr: String(error), exitCode: 5 })),
);
`;

/** The status of jq for an expression that is not valid. */
const invalidExpression = 3;

const megabytes = 2048;

/**
 * Runs jq, which is WebAssembly, in a thread: an expression that never ends is stopped by Ctrl-C and by a time limit. It gets
 * JSON as text, so that numbers which it does not calculate with stay exact.
 */
export class JqThread {
  readonly #options: JqOptions;
  readonly #worker: Worker;
  #waiting: { resolve: (ran: Ran) => void; reject: (reason: Error) => void } | undefined;
  #isClosed = false;

  constructor(options: JqOptions) {
    this.#options = options;
    const { resolve } = createRequire(import.meta.url);
    const { expression } = options;
    const { Worker } = process.getBuiltinModule('node:worker_threads');
    this.#worker = new Worker(program, {
      eval: true,
      workerData: { path: resolve('jq-wasm'), expression },
      resourceLimits: { maxOldGenerationSizeMb: megabytes },
    });
    this.#worker.on('message', (ran: Ran) => this.#waiting?.resolve(ran));
    this.#worker.on('error', (error) => this.#stop(new Error(`--jq: ${failureOf(error)}`)));
    this.#worker.on('exit', () => this.#stop(new Error('--jq: the thread that runs it ended.')));
    this.#worker.unref();
  }

  /** Compiles the expression. @throws a usage error when it is not valid. */
  async check(): Promise<void> {
    // jq runs the expression once for each value of the input. The input is empty, so jq only compiles it.
    const { stderr, exitCode } = await this.#ask('');
    if (exitCode !== 0) throw usageError(`--jq: ${reasonOf(stderr)}`);
  }

  /** Runs the expression on each of some JSON texts, which are separated by line ends. */
  async run(input: string): Promise<JqAnswer> {
    const { stdout, stderr, exitCode } = await this.#ask(input);
    const lines = stdout === '' ? [] : stdout.split('\n');
    if (exitCode === 0) return { lines, error: undefined };
    const reason = `--jq: ${reasonOf(stderr)}`;
    const isInvalid = exitCode === invalidExpression;
    return { lines, error: isInvalid ? usageError(reason) : new Error(reason) };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#worker.terminate();
  }

  async #ask(input: string): Promise<Ran> {
    const { signal, timeLimit = 60_000 } = this.#options;
    signal.throwIfAborted();
    if (this.#isClosed) throw new Error('--jq: it was stopped before.');
    const abort = (): void => this.#stop(signal.reason as Error);
    const timer = setTimeout(() => {
      this.#stop(new Error(`--jq: the expression did not end within ${timeLimit / 1000} s.`));
    }, timeLimit);
    signal.addEventListener('abort', abort);
    try {
      return await new Promise<Ran>((resolve, reject) => {
        this.#waiting = { resolve, reject };
        this.#worker.ref();
        this.#worker.postMessage(input);
      });
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      this.#waiting = undefined;
      this.#worker.unref();
    }
  }

  #stop(reason: Error): void {
    this.#waiting?.reject(reason);
    void this.close();
  }
}

/** The first line of jq's error message, without its prefix and the position at its end. */
function reasonOf(stderr: string): string {
  const [line = ''] = stderr.split('\n', 1);
  return line
    .replace(/^jq: (?:\d+ compile )?error(?: \(at [^)]*\))?: /, '')
    .replace(/ at <top-level>, line 1, column \d+:?$/, '');
}

function failureOf(error: Error & { code?: string }): string {
  return error.code === 'ERR_WORKER_OUT_OF_MEMORY'
    ? 'the expression makes more output than fits into memory.'
    : error.message;
}
