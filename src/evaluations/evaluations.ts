import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import { lazyListing, type Listing } from '../api/listing.js';
import type { Context } from '../context.js';
import type { NewEvaluation } from './createEvaluation.js';
import type { Evaluation } from './evaluation.js';
import type { EvaluationRef } from './evaluationRef.js';
import { listEvaluations, type EvaluationFilter } from './listEvaluations.js';
import type { RoundInput } from './roundContent.js';
import type { EvaluationRound } from './rounds.js';
import type { EvaluationChanges } from './updateEvaluation.js';

/**
 * Evaluation queues, which take submissions: `syn.evaluations`.
 *
 * An evaluation is given by its id, by its name, or as an object. A text of digits is an id; a name of digits is `{ name }`.
 */
export class Evaluations {
  readonly #ctx: Context;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /**
   * Creates an evaluation in a project. Nobody but its creator may see it or submit to it until `syn.access.set` lets them.
   *
   * @example
   * const queue = await syn.evaluations.create({ name: 'Round 1', project: 'syn123' });
   *
   * @throws {@link ConflictError} when the name, which is unique in all of Synapse, is taken.
   * @throws {@link AuthorizationError} when the caller may not create anything in the project.
   * @see https://rest-docs.synapse.org/rest/POST/evaluation.html
   */
  async create(evaluation: NewEvaluation, options: CallOptions = {}): Promise<Evaluation> {
    const { createEvaluation } = await import('./createEvaluation.js');
    return createEvaluation(this.#ctx, evaluation, options);
  }

  /**
   * Reads an evaluation.
   *
   * @throws {@link NotFoundError} when no evaluation has the id or the name. For a name, the message has a similar one.
   * @throws {@link AuthorizationError} when the caller may not read it. The message says who can grant that.
   * @see https://rest-docs.synapse.org/rest/GET/evaluation/evalId.html
   */
  async get(evaluation: EvaluationRef, options: CallOptions = {}): Promise<Evaluation> {
    const { getEvaluation } = await import('./getEvaluation.js');
    return getEvaluation(this.#ctx, evaluation, options);
  }

  /**
   * Changes an evaluation. An object that was read is stored with its own changes; for an id or a name, the evaluation is read
   * first, and the changes are applied again if somebody else changes it at the same time.
   *
   * @throws {@link PreconditionFailedError} when the object was changed by somebody since it was read.
   * @throws {@link ConflictError} when the name is taken.
   * @see https://rest-docs.synapse.org/rest/PUT/evaluation/evalId.html
   */
  async update(
    evaluation: EvaluationRef | Evaluation,
    changes: EvaluationChanges = {},
    options: CallOptions = {},
  ): Promise<Evaluation> {
    const { updateEvaluation } = await import('./updateEvaluation.js');
    return updateEvaluation(this.#ctx, evaluation, changes, options);
  }

  /**
   * Deletes an evaluation with its submissions, rounds and wiki. It cannot be undone.
   *
   * @throws {@link NotFoundError} when no evaluation has the id or the name.
   * @see https://rest-docs.synapse.org/rest/DELETE/evaluation/evalId.html
   */
  async delete(evaluation: EvaluationRef, options: CallOptions = {}): Promise<void> {
    const { deleteEvaluation } = await import('./deleteEvaluation.js');
    return deleteEvaluation(this.#ctx, evaluation, options);
  }

  /**
   * Lists evaluations that the caller may read, by name: all of them, those of a project, those to which the caller may submit, ...
   *
   * @throws {@link NotFoundError} when the project does not exist.
   * @see https://rest-docs.synapse.org/rest/GET/evaluation.html
   */
  list(filter: EvaluationFilter = {}): Listing<Evaluation> {
    return listEvaluations(this.#ctx, filter);
  }

  /**
   * Reads what the caller may do with an evaluation, and who owns it.
   *
   * @see https://rest-docs.synapse.org/rest/GET/evaluation/evalId/permissions.html
   */
  async permissions(
    evaluation: EvaluationRef,
    options: CallOptions = {},
  ): Promise<M.UserEvaluationPermissions> {
    const { evaluationPermissions } = await import('./evaluationPermissions.js');
    return evaluationPermissions(this.#ctx, evaluation, options);
  }

  /**
   * Lists the rounds of an evaluation. One that has rounds takes submissions only within them.
   *
   * @see https://rest-docs.synapse.org/rest/POST/evaluation/evalId/round/list.html
   */
  rounds(evaluation: EvaluationRef, options: CallOptions = {}): Listing<EvaluationRound> {
    return lazyListing(async () => {
      const { listRounds } = await import('./rounds.js');
      return listRounds(this.#ctx, evaluation, options);
    });
  }

  /**
   * Adds a round with its limits, the quota.
   *
   * @example
   * await syn.evaluations.createRound(queue, {
   *   roundStart: '2030-01-01T00:00:00Z',
   *   roundEnd: '2030-02-01T00:00:00Z',
   *   limits: { TOTAL: 10, DAILY: 2 },
   * });
   *
   * @throws {@link ArgumentError} for an end before the start, and for limits that are not whole numbers from 1.
   * @throws {@link SynapseHttpError} (400) when it overlaps another round, or is over already.
   * @see https://rest-docs.synapse.org/rest/POST/evaluation/evalId/round.html
   */
  async createRound(
    evaluation: EvaluationRef,
    round: RoundInput,
    options: CallOptions = {},
  ): Promise<EvaluationRound> {
    const { createRound } = await import('./rounds.js');
    return createRound(this.#ctx, evaluation, round, options);
  }

  /**
   * Changes a round. Its start cannot change after submissions were made.
   *
   * @param round - As it was read.
   * @throws {@link PreconditionFailedError} when somebody else has changed the round since it was read.
   * @see https://rest-docs.synapse.org/rest/PUT/evaluation/evalId/round/roundId.html
   */
  async updateRound(
    round: EvaluationRound,
    changes: Partial<RoundInput> = {},
    options: CallOptions = {},
  ): Promise<EvaluationRound> {
    const { updateRound } = await import('./rounds.js');
    return updateRound(this.#ctx, round, changes, options);
  }

  /**
   * Deletes a round. One with submissions cannot be deleted.
   *
   * @see https://rest-docs.synapse.org/rest/DELETE/evaluation/evalId/round/roundId.html
   */
  async deleteRound(
    evaluation: EvaluationRef,
    round: string | number | { id?: string | undefined },
    options: CallOptions = {},
  ): Promise<void> {
    const { deleteRound } = await import('./rounds.js');
    return deleteRound(this.#ctx, evaluation, round, options);
  }

  /**
   * Converts the quota of an old evaluation into rounds, which have replaced it.
   *
   * @throws {@link SynapseHttpError} (400) for an evaluation without a quota.
   * @see https://rest-docs.synapse.org/rest/POST/evaluation/evalId/migratequota.html
   */
  async migrateQuota(evaluation: EvaluationRef, options: CallOptions = {}): Promise<void> {
    const { migrateQuota } = await import('./migrateQuota.js');
    return migrateQuota(this.#ctx, evaluation, options);
  }
}
