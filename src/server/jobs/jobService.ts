import { randomInt } from 'node:crypto';

import { jobs, type Jobs } from '../../../generated/jobs.js';
import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import type { Problems } from '../kernel/problems.js';
import { forbidden, notFound, ServiceError } from '../kernel/serviceError.js';
import { Store, type Collection } from '../state/store.js';
import type { World } from '../world.js';
import { JobResults } from './jobResults.js';
import type { JobContext, JobHandler, JobOptions, JobRunner } from './jobRunner.js';

/**
 * Maximum number of finished jobs that are kept, and maximum size of their results in characters of
 * JSON.
 */
const maxFinishedJobs = 1000;
const maxResultCharacters = 64 * 1024 * 1024;
/** Minimum interval between stored progress updates of a job, in milliseconds. */
const progressInterval = 200;

/** The failure of a job, with all properties that are needed to rethrow it. */
interface JobFailure {
  readonly status: number;
  readonly reason: string;
  readonly errorCode?: ServiceError['errorCode'];
  readonly body?: unknown;
}

/** One run of a job. */
export interface JobRecord {
  readonly id: string;
  readonly concreteType: keyof Jobs;
  readonly request: M.AsynchronousRequestBody;
  readonly state: M.AsynchJobState;
  readonly startedBy: number;
  readonly startedOn: string;
  readonly changedOn: string;
  readonly etag: string;
  readonly progress?: { readonly current: number; readonly total: number; message?: string };
  readonly response?: M.AsynchronousResponseBody;
  readonly failure?: JobFailure;
}

interface Definition {
  readonly handler: JobHandler<keyof Jobs>;
  readonly isReadOnly: boolean;
  readonly resultKey: (request: M.AsynchronousRequestBody) => string | undefined;
}

interface RunningJob {
  readonly aborter: AbortController;
  /** Settles when the job has ended. */
  readonly done: Promise<void>;
}

/** The properties of a start request. */
export interface JobStart {
  readonly request: M.AsynchronousRequestBody;
  readonly caller: Caller;
  readonly path: Readonly<Record<string, string>>;
}

/** Runs asynchronous jobs and stores their results. */
export class JobService implements JobRunner {
  readonly #world: World;
  readonly #problems: Problems;
  readonly #definitions = new Map<string, Definition>();
  /** Jobs that change state. Their results are durable. */
  readonly #durable: Collection<JobRecord>;
  /** Jobs that only read. */
  readonly #volatile: Collection<JobRecord> = new Store().collection<JobRecord>('jobs');
  readonly #running = new Map<string, RunningJob>();
  /** Remaining number of times that each job answers that it is being processed. */
  readonly #rounds = new Map<string, number>();
  /** Finished jobs, oldest first, with the size of their results. */
  readonly #finished = new Map<string, number>();
  readonly #results = new JobResults();
  #resultCharacters = 0;

  constructor(world: World, problems: Problems) {
    this.#world = world;
    this.#problems = problems;
    this.#durable = world.store.collection<JobRecord>('jobs');
  }

  define<K extends keyof Jobs>(
    concreteType: K,
    handler: JobHandler<K>,
    options: JobOptions<Jobs[K]['request']> = {},
  ): void {
    if (this.#definitions.has(concreteType)) {
      throw new Error(`${concreteType} is defined already`);
    }
    this.#definitions.set(concreteType, {
      handler: handler as unknown as JobHandler<keyof Jobs>,
      isReadOnly: options.readOnly ?? false,
      resultKey: (request) => options.resultKey?.(request as Jobs[K]['request']),
    });
  }

  isDefined(concreteType: string): boolean {
    return this.#definitions.has(concreteType);
  }

  /** Loads the jobs of an earlier process. Jobs that were running when it ended have failed. */
  recover(): void {
    for (const job of [...this.#durable.values()]) {
      if (job.state === 'PROCESSING') {
        const failure = { status: 503, reason: 'The server was restarted while the job ran.' };
        this.#durable.put(job.id, { ...job, state: 'FAILED', failure });
      }
      this.#noteFinished(job.id);
    }
  }

  /** Starts a job. A job with a synchronous handler is finished when this returns. @throws 501 */
  start(start: JobStart): JobRecord {
    const concreteType = start.request.concreteType;
    const definition = this.#definitions.get(concreteType);
    if (definition === undefined || !isJobType(concreteType)) {
      throw new ServiceError(501, `Jobs of type ${concreteType} are not modelled by this server.`);
    }
    const request = withPathEntity(start.request, concreteType, start.path);
    const key = keyOf(definition, request, start.caller.userId);
    const known = key === undefined ? undefined : this.#results.find(key);
    if (known !== undefined) {
      return this.#require(known);
    }
    const now = this.#world.timestamp();
    const id = this.#newId();
    this.#put(definition, {
      id,
      concreteType,
      request,
      state: 'PROCESSING',
      startedBy: start.caller.userId,
      startedOn: now,
      changedOn: now,
      etag: this.#world.uuid(),
    });
    const { jobRounds } = this.#world.conditions;
    if (jobRounds > 0) {
      this.#rounds.set(id, jobRounds);
    }
    if (key !== undefined) {
      this.#results.expect(id, key);
    }
    this.#run(definition, id, { ...start, request });
    return this.#require(id);
  }

  /**
   * Returns the state of a job to its creator. Waits briefly for a job that is about to end, so
   * that clients which poll slowly do not lose seconds.
   *
   * @throws 404, or 403 for other callers
   */
  async poll(id: string, caller: Caller, patience = 1000): Promise<JobRecord> {
    this.#requireOwn(id, caller);
    const rounds = this.#rounds.get(id);
    if (rounds !== undefined) {
      if (rounds <= 1) {
        this.#rounds.delete(id);
      } else {
        this.#rounds.set(id, rounds - 1);
      }
      return { ...this.#requireOwn(id, caller), state: 'PROCESSING' };
    }
    const running = this.#running.get(id);
    if (running !== undefined) {
      await settledWithin(running.done, patience);
    }
    return this.#requireOwn(id, caller);
  }

  /** Cancels a job. */
  cancel(id: string, caller: Caller): JobRecord {
    const job = this.#requireOwn(id, caller);
    this.#running.get(id)?.aborter.abort(new Error('The job was cancelled.'));
    return job;
  }

  /** Cancels all running jobs. */
  async close(): Promise<void> {
    for (const { aborter } of this.#running.values()) {
      aborter.abort(new Error('The server is closing.'));
    }
    await Promise.all([...this.#running.values()].map(({ done }) => done));
  }

  #run(definition: Definition, id: string, start: JobStart): void {
    const aborter = new AbortController();
    const context: JobContext = {
      jobId: id,
      caller: start.caller,
      path: start.path,
      progress: this.#progressOf(definition, id),
      signal: aborter.signal,
    };
    try {
      const result = this.#world.store.transaction(() =>
        definition.handler(start.request as Jobs[keyof Jobs]['request'], context),
      );
      if (isPromise(result)) {
        const done = result
          .then(
            (response) => this.#finish(definition, id, { response }),
            (error: unknown) => this.#fail(definition, id, error),
          )
          .catch((error: unknown) => this.#problems.addError(`job ${id}`, error))
          .finally(() => this.#running.delete(id));
        this.#running.set(id, { aborter, done });
      } else {
        this.#finish(definition, id, { response: result });
      }
    } catch (error) {
      this.#fail(definition, id, error);
    }
  }

  #progressOf(definition: Definition, id: string): JobContext['progress'] {
    let last = -Infinity;
    return (current, total, message) => {
      const now = performance.now();
      const job = this.#find(id);
      if (now - last < progressInterval || job === undefined) {
        return;
      }
      last = now;
      const progress = { current, total, ...(message !== undefined && { message }) };
      this.#put(definition, { ...job, progress, changedOn: this.#world.timestamp() });
    };
  }

  #finish(definition: Definition, id: string, { response }: Pick<JobRecord, 'response'>): void {
    const job = this.#require(id);
    this.#results.settle(id, () => keyOf(definition, job.request, job.startedBy));
    this.#put(definition, {
      ...job,
      ...(response !== undefined && { response }),
      state: 'COMPLETE',
      changedOn: this.#world.timestamp(),
      etag: this.#world.uuid(),
    });
    this.#world.store.afterCommit(() => this.#noteFinished(id));
  }

  #fail(definition: Definition, id: string, error: unknown): void {
    if (!(error instanceof ServiceError)) {
      this.#problems.addError(`job ${id}`, error);
    }
    // The service reports failures that it cannot rethrow as a bad request.
    this.#results.forget(id);
    const failure: JobFailure =
      error instanceof ServiceError
        ? {
            status: error.status,
            reason: error.message,
            ...(error.errorCode && { errorCode: error.errorCode }),
            ...(error.body !== undefined && { body: error.body }),
          }
        : { status: 400, reason: error instanceof Error ? error.message : String(error) };
    this.#put(definition, {
      ...this.#require(id),
      failure,
      state: 'FAILED',
      changedOn: this.#world.timestamp(),
      etag: this.#world.uuid(),
    });
    this.#world.store.afterCommit(() => this.#noteFinished(id));
  }

  /** Deletes the oldest results when there are too many. */
  #noteFinished(id: string): void {
    const size = JSON.stringify(this.#find(id)?.response ?? null).length;
    this.#finished.set(id, size);
    this.#resultCharacters += size;
    for (const [oldest, oldestSize] of this.#finished) {
      const isTooMuch =
        this.#finished.size > maxFinishedJobs || this.#resultCharacters > maxResultCharacters;
      if (!isTooMuch || oldest === id) {
        return;
      }
      this.#finished.delete(oldest);
      this.#resultCharacters -= oldestSize;
      this.#durable.delete(oldest);
      this.#volatile.delete(oldest);
      this.#results.forget(oldest);
      this.#rounds.delete(oldest);
    }
  }

  #newId(): string {
    for (;;) {
      const id = String(randomInt(1, 2 ** 47));
      if (this.#find(id) === undefined) {
        return id;
      }
    }
  }

  #put(definition: Definition, job: JobRecord): void {
    (definition.isReadOnly ? this.#volatile : this.#durable).put(job.id, job);
  }

  #find(id: string): JobRecord | undefined {
    return this.#volatile.get(id) ?? this.#durable.get(id);
  }

  #require(id: string): JobRecord {
    const job = this.#find(id);
    if (job === undefined) {
      throw notFound(`The asynchronous job ${id} does not exist.`);
    }
    return job;
  }

  #requireOwn(id: string, caller: Caller): JobRecord {
    const job = this.#require(id);
    if (job.startedBy !== caller.userId) {
      throw forbidden('Only the user that started a job can access its status.');
    }
    return job;
  }
}

/** Whether a value is a promise. Duck-typed, because a promise may come from another realm. */
function isPromise<T extends object>(result: Promise<T> | T): result is Promise<T> {
  return 'then' in result;
}

/** The key of a request of a user; see `resultKey`. */
function keyOf(
  definition: Definition,
  request: M.AsynchronousRequestBody,
  userId: number,
): string | undefined {
  const key = definition.resultKey(request);
  return key === undefined ? undefined : `${userId} ${request.concreteType} ${key}`;
}

function isJobType(concreteType: string): concreteType is keyof Jobs {
  return Object.hasOwn(jobs, concreteType);
}

/** The entity id of a start endpoint overrides that of the body. */
function withPathEntity(
  request: M.AsynchronousRequestBody,
  concreteType: string,
  path: Readonly<Record<string, string>>,
): M.AsynchronousRequestBody {
  const typed = { ...request, concreteType };
  return (path['id'] === undefined ? typed : { ...typed, entityId: path['id'] }) as typeof request;
}

async function settledWithin(done: Promise<void>, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([done, timeout]);
  clearTimeout(timer);
}

/** Restores the error of a failed job. */
export function failureOf(job: JobRecord): ServiceError | undefined {
  const { failure } = job;
  return (
    failure &&
    new ServiceError(failure.status, failure.reason, {
      ...(failure.errorCode && { errorCode: failure.errorCode }),
      ...(failure.body !== undefined && { body: failure.body }),
    })
  );
}

/** A job as the API shows it. */
export function describeJob(job: JobRecord, cancelling = false): M.AsynchronousJobStatus {
  const { progress, failure } = job;
  return {
    jobState: job.state,
    jobCanceling: cancelling,
    jobId: job.id,
    etag: job.etag,
    requestBody: job.request,
    startedByUserId: job.startedBy,
    startedOn: job.startedOn,
    changedOn: job.changedOn,
    runtimeMS: Date.parse(job.changedOn) - Date.parse(job.startedOn),
    progressCurrent: progress?.current ?? 0,
    progressTotal: progress?.total ?? 0,
    progressMessage: progress?.message ?? (job.state === 'PROCESSING' ? 'Processing' : 'Complete'),
    ...(job.state === 'COMPLETE' && job.response && { responseBody: job.response }),
    ...(job.state === 'FAILED' &&
      failure && {
        exception: 'org.sagebionetworks.repo.model.ErrorResponse',
        errorMessage: failure.reason,
        errorDetails: `${failure.status}: ${failure.reason}`,
      }),
  };
}
