import {
  ArgumentError,
  AsyncJobError,
  AuthenticationError,
  RateLimitError,
  TimeoutError,
} from '../errors.js';
import type { SynapseHttpError } from '../errors.js';
import { jobs } from '../../generated/jobs.js';
import type { Jobs } from '../../generated/jobs.js';
import type { AsynchronousJobStatus } from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { CommonOptions, Progress } from '../options.js';
import type { Clock } from '../net/clock.js';
import { checkShape } from './checkShape.js';
import { jobStatus } from './shapes/jobStatus.js';
import type { Exchange, ExchangeCallOptions } from './exchange.js';
import { requireOperation } from './operation.js';
import { stringifyJson } from '../values/json.js';
import { shortName } from '../values/shortName.js';

export interface JobOptions extends CommonOptions {
  /** Milliseconds for the whole job, however much progress it reports. @default 21600000 (6 hours) */
  timeout?: number;
  /** Milliseconds that the job may run without progress. @default 600000 */
  stallTimeout?: number;
  /** Headers for the requests. */
  headers?: Record<string, string>;
  /** Whether numbers keep their exact text, as in `syn.call`. @default false */
  exactNumbers?: boolean;
  /** Pauses between requests for the job's status, in milliseconds. @default `{ first: 100, factor: 1.4, longest: 5000 }` */
  pauses?: { first: number; factor: number; longest: number };
}

type JobPath<K extends keyof Jobs> = keyof Jobs[K]['path'] extends never
  ? [path?: Record<string, never>, options?: JobOptions]
  : [path: Jobs[K]['path'], options?: JobOptions];

/**
 * Starts an asynchronous job and waits for its result.
 *
 * @param request - Its `concreteType` selects the job and the type of the response.
 * @param rest - `path`: the path parameters of the job's endpoint (`{ id }` for jobs of a table); `options`.
 * @returns The job's response.
 * @throws {@link AsyncJobError} when the job fails, with the reason of the server; `cause` is the HTTP error.
 * @throws {@link TimeoutError} when the job takes longer than `timeout`, or makes no progress for `stallTimeout`. The job
 * continues on the server.
 * @see https://rest-docs.synapse.org/rest/POST/asynchronous/job.html
 */
export type RunJob = <K extends keyof Jobs>(
  request: Jobs[K]['request'] & { concreteType: K },
  ...rest: JobPath<K>
) => Promise<Jobs[K]['response']>;

interface JobDependencies {
  exchange: Exchange;
  call: (id: string, args: Record<string, unknown>, options: CallOptions) => Promise<unknown>;
  /** Checks the result of a job, by the id of the operation that returns it. */
  check: (operation: string, answer: unknown) => unknown;
  clock: Clock;
}

const defaultTimeout = 6 * 3_600_000;
const defaultStallTimeout = 600_000;
const defaultPauses = { first: 100, factor: 1.4, longest: 5_000 };

export function createRunJob(dependencies: JobDependencies): RunJob {
  const run = async (
    request: JobRequest,
    path: Record<string, string> = {},
    options: JobOptions = {},
  ): Promise<unknown> => {
    const report = createReport(request.concreteType, options.onProgress);
    try {
      const jobId = await start(dependencies, { request, path, options });
      report('start', { progressMessage: `job ${jobId}` });
      const result = await poll(dependencies, { request, path, options, jobId, report });
      report('done');
      return result;
    } catch (error) {
      report('error', { progressMessage: error instanceof Error ? error.message : String(error) });
      throw error;
    }
  };
  return run as unknown as RunJob;
}

interface JobRequest {
  concreteType: keyof Jobs;
}

interface Starting {
  request: JobRequest;
  path: Record<string, string>;
  options: JobOptions;
}

interface Running extends Starting {
  jobId: string;
  report: Report;
}

async function start(
  { call }: JobDependencies,
  { request, path, options }: Starting,
): Promise<string> {
  if (!Object.hasOwn(jobs, request.concreteType)) {
    throw new ArgumentError(
      `There is no asynchronous job for requests of the type ${request.concreteType}.`,
    );
  }
  const args = { ...path, body: request };
  const answer = await call(jobs[request.concreteType].start, args, callOptionsOf(options));
  const token =
    typeof answer === 'object' && answer !== null && 'token' in answer ? answer.token : undefined;
  if (typeof token === 'string') return token;
  throw new AsyncJobError('Synapse started a job but returned no job id. Try again later.', {
    jobId: '',
  });
}

async function poll(
  { exchange, check, clock }: JobDependencies,
  running: Running,
): Promise<unknown> {
  const { request, path, jobId, report, options } = running;
  const { pauses = defaultPauses, signal } = options;
  const operation = requireOperation(jobs[request.concreteType].get);
  const limits = new JobLimits(running, clock);
  let pause = pauses.first;
  let last = '';
  for (;;) {
    await clock.sleep(pause, signal);
    pause = Math.min(pauses.longest, pause * pauses.factor);
    const left = limits.left();
    if (left <= 0) throw limits.error();
    const look = exchange(
      operation,
      { ...path, asyncToken: jobId },
      { ...callOptionsOf(options), timeout: left },
    );
    const { status, data, error } = await look.catch((cause: unknown) => {
      throw cause instanceof TimeoutError ? limits.error(cause) : cause;
    });
    if (error !== undefined) throw failureOf(error, jobId);
    if (status !== 202) return check(operation.id, data);
    const progress = readStatus(data, jobId, operation.id);
    const now = progressMark(progress);
    if (now === last) continue;
    last = now;
    limits.moved();
    report('progress', progress);
  }
}

/** The time that a job may take, in all and without progress. */
class JobLimits {
  readonly #clock: Clock;
  readonly #job: string;
  readonly #timeout: number;
  readonly #stallTimeout: number;
  readonly #begun: number;
  #movedAt: number;

  constructor({ jobId, request, options }: Running, clock: Clock) {
    this.#clock = clock;
    this.#job = `The job ${jobId} (${shortName(request.concreteType)})`;
    this.#timeout = options.timeout ?? defaultTimeout;
    this.#stallTimeout = options.stallTimeout ?? defaultStallTimeout;
    this.#begun = clock.now();
    this.#movedAt = this.#begun;
  }

  moved(): void {
    this.#movedAt = this.#clock.now();
  }

  /** Milliseconds until the first of the limits. */
  left(): number {
    return Math.min(this.#end, this.#stall) - this.#clock.now();
  }

  error(cause?: unknown): TimeoutError {
    const [what, option] =
      this.#stall < this.#end
        ? [`made no progress for ${this.#stallTimeout / 1000} s`, 'stallTimeout']
        : [`did not finish within ${this.#timeout / 1000} s`, 'timeout'];
    return new TimeoutError(
      `${this.#job} ${what}. It may continue on the server. Increase \`${option}\`, or try again later.`,
      { cause },
    );
  }

  get #end(): number {
    return this.#begun + this.#timeout;
  }

  get #stall(): number {
    return this.#movedAt + this.#stallTimeout;
  }
}

function callOptionsOf({ signal, headers, exactNumbers }: JobOptions): ExchangeCallOptions {
  return { signal, headers, exactNumbers };
}

/** A 401 or 429 response is about the caller, not the job. Any other error response reports the failure of the job. */
function failureOf(error: SynapseHttpError, jobId: string): Error {
  if (error instanceof AuthenticationError || error instanceof RateLimitError) return error;
  return new AsyncJobError(error.message, { jobId, cause: error });
}

type JobStatus = Partial<AsynchronousJobStatus>;

function readStatus(data: unknown, jobId: string, operation: string): JobStatus {
  const status = checkShape<JobStatus>(operation, jobStatus, data ?? {});
  if (status.jobState === 'FAILED') {
    throw new AsyncJobError(status.errorMessage ?? 'The job failed and gave no reason.', { jobId });
  }
  return status;
}

function progressMark({ progressCurrent, progressTotal, progressMessage }: JobStatus): string {
  return stringifyJson([progressCurrent ?? 0, progressTotal ?? 0, progressMessage ?? '']);
}

type Report = (state: Progress['state'], status?: JobStatus) => void;

function createReport(concreteType: string, onProgress: CommonOptions['onProgress']): Report {
  let furthest = 0;
  return (state, { progressCurrent = 0, progressTotal, progressMessage } = {}) => {
    // The server counts from 0 again in every phase of a job.
    furthest = Math.max(furthest, progressCurrent);
    onProgress?.({
      kind: 'job',
      path: shortName(concreteType),
      transferredBytes: furthest,
      state,
      // 0 means that the total is not known yet.
      totalBytes: progressTotal || undefined,
      message: progressMessage,
    });
  };
}
