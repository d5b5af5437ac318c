import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import { isLostAnswer } from '../api/isLostAnswer.js';
import type { Context } from '../context.js';
import {
  ArgumentError,
  NotFoundError,
  PreconditionFailedError,
  SynapseError,
  SynapseHttpError,
} from '../errors.js';
import { changedSince } from '../evaluations/changedSince.js';
import { evaluationIdOf, type EvaluationRef } from '../evaluations/evaluationRef.js';
import { explainRefusal } from '../evaluations/explainRefusal.js';
import type { SubmissionStatusInput } from '../evaluations/submissionStatusRequest.js';
import { readStatuses } from './readStatuses.js';
import { isApplied, statusBody, statusUpdate, type StatusUpdate } from './statusUpdate.js';

/** What became of many updates. Each status that was given is in one of the lists. */
export interface StatusUpdates {
  /** The ids of the submissions whose status was stored. */
  updated: string[];
  failed: StatusFailure[];
}

/** A status that was not stored, and why. */
export interface StatusFailure {
  submissionId: string;
  error: Error;
}

/** Statuses in one request: the most that the service takes. */
const batchSize = 500;

/**
 * Implements {@link Submissions.updateStatuses}.
 *
 * The service stores a batch as a whole or not at all, and does not say which of its statuses it refuses. After a refusal, the
 * statuses that the service has now tell which ones are unknown, were changed by somebody, or were stored by a request whose answer
 * got lost. What is left is sent again; if it is refused for what is in it, in halves, down to the single status.
 */
export async function updateStatuses(
  ctx: Context,
  evaluation: EvaluationRef,
  statuses: Iterable<SubmissionStatusInput> | AsyncIterable<SubmissionStatusInput>,
  options: CallOptions = {},
): Promise<StatusUpdates> {
  const evalId = await evaluationIdOf(ctx, evaluation, options);
  const batches = new StatusBatches(ctx, evalId, options);
  const given = new Set<string>();
  let batch: StatusUpdate[] = [];
  for await (const status of statuses) {
    const update = batches.read(status, given);
    if (update === undefined) continue;
    // Only the next status tells whether this batch is the last one.
    if (batch.length === batchSize) {
      await batches.store(batch, false);
      batch = [];
    }
    batch.push(update);
  }
  if (batch.length > 0) await batches.store(batch, true);
  return { updated: batches.updated, failed: batches.failed };
}

class StatusBatches {
  readonly updated: string[] = [];
  readonly failed: StatusFailure[] = [];
  readonly #ctx: Context;
  readonly #evalId: string;
  readonly #options: CallOptions;
  /** The token that the next batch must have; none for the first batch of a sequence. */
  #token: string | undefined;
  /** Why no further batch is sent. */
  #end: Error | undefined;

  constructor(ctx: Context, evalId: string, options: CallOptions) {
    this.#ctx = ctx;
    this.#evalId = evalId;
    this.#options = options;
  }

  /** Checks a status. @returns `undefined` when it is refused */
  read(status: SubmissionStatusInput, given: Set<string>): StatusUpdate | undefined {
    try {
      const update = statusUpdate(status);
      if (given.has(update.id)) {
        throw new ArgumentError(
          `The status of submission ${update.id} is given twice: only the first one was sent.`,
        );
      }
      given.add(update.id);
      return update;
    } catch (error) {
      if (!(error instanceof ArgumentError)) throw error;
      this.failed.push({
        submissionId: (status as Partial<typeof status>).id ?? '',
        error,
      });
      return undefined;
    }
  }

  /** Stores a batch, or those of its statuses that can be stored. @param isLast - Whether it is the last batch. */
  async store(updates: readonly StatusUpdate[], isLast: boolean): Promise<void> {
    if (this.#end !== undefined) {
      this.#fail(updates, this.#end);
      return;
    }
    const isContinued = this.#token !== undefined;
    const error = await this.#send(updates, isLast);
    if (error === undefined) {
      this.updated.push(...updates.map(({ id }) => id));
      return;
    }
    // The next batch begins a new sequence.
    this.#token = undefined;
    if (!isAboutStatuses(error)) {
      this.#giveUp(updates, error);
      return;
    }
    if (isContinued && isOutdatedToken(error)) return this.store(updates, isLast);
    const left = await this.#examine(updates, error);
    if (left === undefined || left.length === 0) return;
    if (left.length < updates.length) return this.store(left, isLast);
    // No status was changed by anybody: a server that fails would fail for each of them.
    if (isRefusal(error)) await this.#storeHalves(left, error, isLast);
    else this.#giveUp(left, error);
  }

  /** The service refuses something in a status. */
  async #storeHalves(
    updates: readonly StatusUpdate[],
    error: SynapseError,
    isLast: boolean,
  ): Promise<void> {
    if (updates.length === 1) {
      this.#fail(updates, error);
      return;
    }
    const middle = Math.ceil(updates.length / 2);
    await this.#storePart(updates.slice(0, middle), false);
    await this.#storePart(updates.slice(middle), isLast);
  }

  /** Like {@link store}, for a part of a batch whose statuses have been compared with those of the service. */
  async #storePart(updates: readonly StatusUpdate[], isLast: boolean): Promise<void> {
    if (this.#end !== undefined) {
      this.#fail(updates, this.#end);
      return;
    }
    const error = await this.#send(updates, isLast);
    if (error === undefined) {
      this.updated.push(...updates.map(({ id }) => id));
      return;
    }
    this.#token = undefined;
    if (isBadRequest(error)) return this.#storeHalves(updates, error, isLast);
    return this.store(updates, isLast);
  }

  /** @returns the error, if the service refused */
  async #send(
    updates: readonly StatusUpdate[],
    isLastBatch: boolean,
  ): Promise<SynapseError | undefined> {
    const { evaluation } = this.#ctx.services;
    const body: M.SubmissionStatusBatch = {
      statuses: updates.map(statusBody),
      isFirstBatch: this.#token === undefined,
      isLastBatch,
      batchToken: this.#token,
    };
    const args = { evalId: this.#evalId, body };
    const put = () => evaluation.updateEvaluationSubmissionStatusBatch(args, this.#options);
    try {
      const { nextUploadToken } = await explainRefusal(this.#ctx, put, this.#options);
      this.#token = nextUploadToken;
      return undefined;
    } catch (error) {
      this.#options.signal?.throwIfAborted();
      if (error instanceof SynapseError) return error;
      throw error;
    }
  }

  /** Compares updates with the statuses that the service has. @returns those that are still to be made; `undefined` when that is unknown */
  async #examine(
    updates: readonly StatusUpdate[],
    error: SynapseError,
  ): Promise<StatusUpdate[] | undefined> {
    const found = await this.#current(updates);
    if (found === undefined) {
      this.#giveUp(updates, error);
      return undefined;
    }
    const left: StatusUpdate[] = [];
    for (const update of updates) {
      const now = found.get(update.id);
      if (now === undefined)
        this.#fail([update], unknownSubmission(this.#evalId, update.id, error));
      else if (now.etag === update.etag) left.push(update);
      // The request was applied, and its answer got lost.
      else if (isApplied(now, update)) this.updated.push(update.id);
      else this.#fail([update], conflict(update.id, error));
    }
    return left;
  }

  async #current(
    updates: readonly StatusUpdate[],
  ): Promise<ReadonlyMap<string, M.SubmissionStatus> | undefined> {
    const ids = updates.map(({ id }) => id);
    try {
      return await readStatuses(this.#ctx, this.#evalId, ids, this.#options);
    } catch (error) {
      this.#options.signal?.throwIfAborted();
      if (error instanceof SynapseError) return undefined;
      throw error;
    }
  }

  /** @throws the error when nothing has been stored: then it is about the whole call */
  #giveUp(updates: readonly StatusUpdate[], error: SynapseError): void {
    if (this.updated.length === 0) throw error;
    this.#end = error;
    this.#fail(updates, error);
  }

  #fail(updates: readonly StatusUpdate[], error: Error): void {
    this.failed.push(...updates.map(({ id }) => ({ submissionId: id, error })));
  }
}

const isHttp = (error: SynapseError): error is SynapseHttpError =>
  error instanceof SynapseHttpError;

/** Whether an error can be about some of the statuses only, or leaves open what was stored. */
function isAboutStatuses(error: SynapseError): boolean {
  const statuses = [400, 404, 409, 412, 413, 500];
  return isLostAnswer(error) || (isHttp(error) && statuses.includes(error.status));
}

/** Whether the service refuses what it was sent, so that it may take a part of it. */
function isRefusal(error: SynapseError): boolean {
  return isHttp(error) && error.status >= 400 && error.status < 500;
}

function isBadRequest(error: SynapseError): boolean {
  return isHttp(error) && (error.status === 400 || error.status === 413);
}

/** Another user changed a submission of the evaluation between two batches. */
function isOutdatedToken(error: SynapseError): boolean {
  return error instanceof PreconditionFailedError && /batch token/i.test(error.reason);
}

function conflict(id: string, error: SynapseError): Error {
  const cause = isHttp(error)
    ? error
    : { status: 412, reason: error.message, method: 'PUT', url: '' };
  const { status, reason, method, url } = cause;
  return changedSince(
    `The status of submission ${id}`,
    'syn.submissions.status',
    new PreconditionFailedError(reason, { status, reason, method, url }),
  );
}

function unknownSubmission(evalId: string, id: string, error: SynapseError): Error {
  const { method, url } = isHttp(error) ? error : { method: 'PUT', url: '' };
  const reason = `Evaluation ${evalId} has no submission ${id}.`;
  return new NotFoundError(reason, { status: 404, reason, method, url });
}
