import type { CallOptions } from '../../generated/services.js';
import { lazyListing, type Listing } from '../api/listing.js';
import type { Context } from '../context.js';
import { checkStatusName } from '../evaluations/checkStatusName.js';
import type { EvaluationRef } from '../evaluations/evaluationRef.js';
import type { SubmissionStatusInput } from '../evaluations/submissionStatusRequest.js';
import type { EntityRef } from '../values/ids.js';
import type { GetSubmissionOptions, SubmissionWithEntity } from './getSubmission.js';
import type { SubmissionFilter } from './listSubmissions.js';
import type { SubmissionScore } from './scoreSubmissions.js';
import type { Submission, SubmissionBundle, SubmissionRef } from './submission.js';
import type { SubmissionStatus } from './submissionStatus.js';
import type { SubmissionReceipt, SubmitOptions } from './submit.js';
import type { StatusUpdates } from './updateStatuses.js';

/**
 * Submissions to evaluation queues, and their statuses: `syn.submissions`.
 *
 * An evaluation is given by its id, by its name, or as an object; a submission by its id or as an object.
 */
export class Submissions {
  readonly #ctx: Context;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /**
   * Submits a version of an entity to an evaluation, for oneself or for a team. After a lost answer, the submission is looked up
   * among those of the caller.
   *
   * @example
   * const receipt = await syn.submit(queue, 'syn123', { name: 'first try', team: 'Team Lynx' });
   * console.log(receipt.id, receipt.receiptMessage);
   *
   * @param entity - An id, with a version or without; or an object that was read or stored, of which its own version is submitted.
   * @throws {@link SynapseError} (`NOT_ELIGIBLE`) when the team or a contributor may not submit now. The message names them and says why.
   * @throws {@link AuthorizationError} when the caller may not submit, or has made all submissions that are allowed.
   * @throws {@link ArgumentError} when a Docker repository has no such tag; the message lists its tags. When an object was changed by
   * somebody since it was read.
   * @see https://rest-docs.synapse.org/rest/POST/evaluation/submission.html
   */
  async submit(
    evaluation: EvaluationRef,
    entity: EntityRef,
    options: SubmitOptions = {},
  ): Promise<SubmissionReceipt> {
    const { submit } = await import('./submit.js');
    return submit(this.#ctx, evaluation, entity, options);
  }

  /**
   * Reads a submission with its entity as it was when it was submitted, and downloads its file.
   *
   * @example
   * const { entity } = await syn.submissions.get('9700001', { downloadLocation: 'submitted' });
   *
   * @param submission - An id, or an object; one of a list is not read again, as submissions never change. `123.0`, to which
   * spreadsheets convert ids, is 123.
   * @throws {@link NotFoundError} when there is no such submission.
   * @throws {@link AuthorizationError} when the caller may not read it. The message says who can grant that.
   * @see https://rest-docs.synapse.org/rest/GET/evaluation/submission/subId.html
   */
  async get(
    submission: SubmissionRef,
    options: GetSubmissionOptions = {},
  ): Promise<SubmissionWithEntity> {
    const { getSubmission } = await import('./getSubmission.js');
    return getSubmission(this.#ctx, submission, options);
  }

  /**
   * Lists the submissions to an evaluation, oldest first. While it is read, submissions may be deleted or get another status: none is
   * missed, and none is listed twice.
   *
   * @throws {@link AuthorizationError} without the permission READ_PRIVATE_SUBMISSION, unless only the caller's own are listed.
   * @see https://rest-docs.synapse.org/rest/GET/evaluation/evalId/submission/all.html
   */
  list(evaluation: EvaluationRef, filter: SubmissionFilter = {}): Listing<Submission> {
    checkStatusName(filter.status);
    return lazyListing(async () => {
      const { listSubmissions } = await import('./listSubmissions.js');
      return listSubmissions(this.#ctx, evaluation, filter);
    });
  }

  /**
   * Lists the submissions to an evaluation with their statuses. See {@link Submissions.list}.
   *
   * @example
   * for await (const { submission, status } of syn.submissions.bundles(queue, { status: 'RECEIVED' })) {
   *   await syn.submissions.updateStatus({ ...status, status: 'SCORED', submissionAnnotations: { auc: 0.9 } });
   * }
   *
   * @see https://rest-docs.synapse.org/rest/GET/evaluation/evalId/submission/bundle/all.html
   */
  bundles(evaluation: EvaluationRef, filter: SubmissionFilter = {}): Listing<SubmissionBundle> {
    checkStatusName(filter.status);
    return lazyListing(async () => {
      const { listBundles } = await import('./listSubmissions.js');
      return listBundles(this.#ctx, evaluation, filter);
    });
  }

  /**
   * Lists the statuses of the submissions to an evaluation. Private annotations are left out for callers who may not read them.
   *
   * @see https://rest-docs.synapse.org/rest/GET/evaluation/evalId/submission/status/all.html
   */
  statuses(
    evaluation: EvaluationRef,
    filter: Omit<SubmissionFilter, 'mine'> = {},
  ): Listing<SubmissionStatus> {
    checkStatusName(filter.status);
    return lazyListing(async () => {
      const { listStatuses } = await import('./listSubmissions.js');
      return listStatuses(this.#ctx, evaluation, filter);
    });
  }

  /**
   * Counts the submissions to an evaluation.
   *
   * @see https://rest-docs.synapse.org/rest/GET/evaluation/evalId/submission/count.html
   */
  async count(evaluation: EvaluationRef, options: CallOptions = {}): Promise<number> {
    const { countSubmissions } = await import('./countSubmissions.js');
    return countSubmissions(this.#ctx, evaluation, options);
  }

  /**
   * Reads the status of a submission.
   *
   * @throws {@link NotFoundError} when there is no such submission.
   * @see https://rest-docs.synapse.org/rest/GET/evaluation/submission/subId/status.html
   */
  async status(submission: SubmissionRef, options: CallOptions = {}): Promise<SubmissionStatus> {
    const { getStatus } = await import('./getStatus.js');
    return getStatus(this.#ctx, submission, options);
  }

  /**
   * Replaces the status of a submission.
   *
   * @param status - As it was read, with changes. Annotations are values by key; a list that was read keeps its type.
   * @throws {@link ArgumentError} for a missing etag, an unknown status, a score outside of 0 to 1, and annotations that
   * cannot be stored, before anything is sent.
   * @throws {@link PreconditionFailedError} when somebody else has changed the status since it was read.
   * @see https://rest-docs.synapse.org/rest/PUT/evaluation/submission/subId/status.html
   */
  async updateStatus(
    status: SubmissionStatusInput,
    options: CallOptions = {},
  ): Promise<SubmissionStatus> {
    const { updateStatus } = await import('./updateStatus.js');
    return updateStatus(this.#ctx, status, options);
  }

  /**
   * Replaces the statuses of any number of submissions to an evaluation, in batches of 500. One that cannot be stored keeps none of the
   * others from being stored. A generator is read while batches are sent, so that memory does not grow with the number.
   *
   * @example
   * async function* scored() {
   *   for await (const { submission, status } of syn.submissions.bundles(queue, { status: 'RECEIVED' })) {
   *     yield { ...status, status: 'SCORED', submissionAnnotations: { auc: await score(submission) } };
   *   }
   * }
   * const { updated, failed } = await syn.submissions.updateStatuses(queue, scored());
   *
   * @returns The ids of what was stored, and what was not stored with the reasons.
   * @throws when nothing could be stored for a reason that is not about single statuses, such as a missing permission.
   * @see https://rest-docs.synapse.org/rest/PUT/evaluation/evalId/statusBatch.html
   */
  async updateStatuses(
    evaluation: EvaluationRef,
    statuses: Iterable<SubmissionStatusInput> | AsyncIterable<SubmissionStatusInput>,
    options: CallOptions = {},
  ): Promise<StatusUpdates> {
    const { updateStatuses } = await import('./updateStatuses.js');
    return updateStatuses(this.#ctx, evaluation, statuses, options);
  }

  /**
   * Records scores of submissions to an evaluation by their ids: sets the status, and adds annotations to those that there are. Unlike
   * {@link Submissions.updateStatuses}, it reads the statuses itself, and again for those that somebody else changes at the same time.
   *
   * @example
   * await syn.submissions.score(queue, [{ id: '9700001', submissionAnnotations: { auc: 0.9 } }]);
   *
   * @returns The ids of what was stored, and what was not stored with the reasons.
   * @throws {@link AuthorizationError} without the permission. The message says who can grant it.
   * @see https://rest-docs.synapse.org/rest/PUT/evaluation/evalId/statusBatch.html
   */
  async score(
    evaluation: EvaluationRef,
    scores: Iterable<SubmissionScore> | AsyncIterable<SubmissionScore>,
    options: CallOptions = {},
  ): Promise<StatusUpdates> {
    const { scoreSubmissions } = await import('./scoreSubmissions.js');
    return scoreSubmissions(this.#ctx, evaluation, scores, options);
  }

  /**
   * Asks for the cancellation of a submission. Whoever scores it sees `cancelRequested` in its status, and may then stop.
   *
   * @throws {@link AuthorizationError} when it is not the caller's own, or its status does not allow it (`canCancel`).
   * @see https://rest-docs.synapse.org/rest/PUT/evaluation/submission/subId/cancellation.html
   */
  async cancel(submission: SubmissionRef, options: CallOptions = {}): Promise<void> {
    const { cancelSubmission } = await import('./cancelSubmission.js');
    return cancelSubmission(this.#ctx, submission, options);
  }

  /**
   * Deletes a submission with its status. It cannot be undone.
   *
   * @throws {@link NotFoundError} when there is no such submission.
   * @throws {@link AuthorizationError} without the permission DELETE_SUBMISSION. The message says who can grant it.
   * @see https://rest-docs.synapse.org/rest/DELETE/evaluation/submission/subId.html
   */
  async delete(submission: SubmissionRef, options: CallOptions = {}): Promise<void> {
    const { deleteSubmission } = await import('./deleteSubmission.js');
    return deleteSubmission(this.#ctx, submission, options);
  }
}
