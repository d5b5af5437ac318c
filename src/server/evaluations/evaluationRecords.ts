import type * as M from '../../../generated/models.js';
import type { AclRecord } from '../access/entityAcls.js';
import { notFound } from '../kernel/serviceError.js';
import type { Collection, Index } from '../state/store.js';
import type { World } from '../world.js';
import { quotaPeriod, type Period, type QuotaRecord } from './quotas.js';

/** A queue that takes submissions. */
export interface EvaluationRecord {
  readonly id: string;
  readonly etag: string;
  readonly name: string;
  readonly description?: string;
  readonly ownerId: number;
  readonly createdOn: string;
  /** The project that the queue belongs to. */
  readonly contentSource: string;
  readonly submissionInstructionsMessage?: string;
  readonly submissionReceiptMessage?: string;
  /** Excludes rounds. */
  readonly quota?: QuotaRecord;
  /** Changes with every change of a submission. Batch tokens contain it. */
  readonly submissionsEtag: string;
}

/** A period in which submissions are accepted. */
export interface RoundRecord {
  readonly id: string;
  readonly etag: string;
  readonly evaluationId: string;
  readonly roundStart: string;
  readonly roundEnd: string;
  readonly limits: readonly M.EvaluationRoundLimit[];
}

interface EvaluationTables {
  readonly evaluations: Collection<EvaluationRecord>;
  readonly rounds: Collection<RoundRecord>;
  readonly acls: Collection<AclRecord>;
  readonly byName: Index<EvaluationRecord>;
  readonly roundsOf: Index<RoundRecord>;
}

/** The collections of evaluations with their indexes. */
export function evaluationTables(world: World): EvaluationTables {
  return world.service(makeEvaluationTables);
}

function makeEvaluationTables({ store }: World): EvaluationTables {
  const evaluations = store.collection<EvaluationRecord>('evaluations');
  const rounds = store.collection<RoundRecord>('evaluationRounds');
  return {
    evaluations,
    rounds,
    acls: store.collection<AclRecord>('evaluationAcls'),
    byName: evaluations.index('name', ({ name }) => name),
    roundsOf: rounds.index('evaluation', ({ evaluationId }) => evaluationId),
  };
}

/** @throws 404 */
export function getEvaluation(world: World, id: string): EvaluationRecord {
  const record = evaluationTables(world).evaluations.get(id.trim());
  if (record === undefined) {
    throw notFound(`Evaluation could not be found with id :${id.slice(0, 100)}`);
  }
  return record;
}

/** The rounds of an evaluation, first to last. */
export function roundsOf(world: World, evaluationId: string): RoundRecord[] {
  return evaluationTables(world)
    .roundsOf.find(evaluationId)
    .sort((a, b) => (a.roundStart < b.roundStart ? -1 : 1));
}

/** The round at a given time. */
export function currentRound(rounds: readonly RoundRecord[], now: string): RoundRecord | undefined {
  return rounds.find(({ roundStart, roundEnd }) => roundStart <= now && now < roundEnd);
}

/** Whether an evaluation accepts submissions only in periods, and the period at a given time. */
export function periodOf(
  world: World,
  { id, quota }: EvaluationRecord,
  now: Date,
): { readonly hasPeriods: boolean; readonly period: Period | undefined } {
  const rounds = roundsOf(world, id);
  if (rounds.length === 0 && quota !== undefined) {
    return { hasPeriods: true, period: quotaPeriod(quota, now) };
  }
  return { hasPeriods: rounds.length > 0, period: currentRound(rounds, now.toISOString()) };
}

/** An evaluation as the API shows it. */
export function evaluationModel(record: EvaluationRecord): M.Evaluation {
  const model: M.Evaluation & { submissionsEtag?: string } = {
    ...record,
    ownerId: String(record.ownerId),
  };
  delete model.submissionsEtag;
  return model;
}

/** A round as the API shows it. */
export function roundModel(record: RoundRecord): M.EvaluationRound {
  return { ...record, limits: [...record.limits] };
}
