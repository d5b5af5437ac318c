import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import { isLostAnswer } from '../api/isLostAnswer.js';
import type { Context } from '../context.js';
import { ArgumentError, AuthorizationError, SynapseHttpError } from '../errors.js';
import { evaluationIdOf, type EvaluationRef } from '../evaluations/evaluationRef.js';
import { explainRefusal } from '../evaluations/explainRefusal.js';
import { getEvaluation } from '../evaluations/getEvaluation.js';
import type { UserRef } from '../users/userIdOf.js';
import { versionOf, type EntityRef } from '../values/ids.js';
import { dockerDigest, dockerType } from './dockerDigest.js';
import { findSubmitted } from './findSubmitted.js';
import { submissionOf, type Submission } from './submission.js';
import { refusedContributors, teamEntry, type LeftOutMember, type TeamEntry } from './teamEntry.js';
import { resolveTeam } from './resolveTeam.js';
import type { TeamRef } from '../teams/teamIdOf.js';

/** How an entity is submitted. */
export interface SubmitOptions extends CallOptions {
  /** @default the version in the id, or of the object; else the current version */
  version?: number;
  /** Name of the submission. @default the name of the entity */
  name?: string;
  /** Name that leaderboards show in place of the submitter's. @default the name of the team, if there is one */
  alias?: string;
  /** The team that submits: its id, its name, or an object. The caller must be a member of it. */
  team?: TeamRef;
  /** The members of the team who contributed: ids, user names, or objects. @default all members who may contribute */
  contributors?: readonly UserRef[];
  /** The tag of a Docker repository whose image is submitted. @default 'latest' */
  dockerTag?: string;
}

/** A submission that has been made. */
export interface SubmissionReceipt extends Submission {
  /** What the organizers tell submitters. */
  receiptMessage?: string;
  /** The members of the team who get no credit for the submission, because they may not contribute now. */
  leftOut: LeftOutMember[];
}

/** The state of the entity that is submitted. */
interface SubmittedEntity {
  id: string;
  etag: string;
  version: number;
  concreteType: string;
  /** Whether it was read by this call, so that it can be read again. */
  isOwn: boolean;
}

/** Implements {@link Submissions.submit}. */
export async function submit(
  ctx: Context,
  evaluation: EvaluationRef,
  entity: EntityRef,
  { version, name, alias, team, contributors, dockerTag, ...call }: SubmitOptions = {},
): Promise<SubmissionReceipt> {
  if (contributors !== undefined && team === undefined) {
    throw new ArgumentError('Only a submission of a team has contributors: name the team.');
  }
  const target = versionOf(entity, version, { ownVersion: true });
  const [queue, given, group] = await Promise.all([
    queueOf(ctx, evaluation, call),
    readEntity(ctx, entity, target, call),
    team === undefined ? undefined : resolveTeam(ctx, team, { needsName: !alias, ...call }),
  ]);
  if (dockerTag !== undefined && given.concreteType !== dockerType) {
    throw new ArgumentError(
      `${given.id} is not a Docker repository: leave out the tag ${dockerTag}.`,
    );
  }
  const [entry, digest] = await Promise.all([
    group && teamEntry(ctx, queue.id, group, { contributors, ...call }),
    given.concreteType === dockerType ? dockerDigest(ctx, given.id, dockerTag, call) : undefined,
  ]);
  const submission: M.Submission = {
    evaluationId: queue.id,
    entityId: given.id,
    versionNumber: given.version,
    name,
    submitterAlias: alias ?? group?.name,
    teamId: group?.id,
    contributors: entry?.contributors.map((principalId) => ({ principalId })),
    dockerDigest: digest,
  };
  const made = await sendFresh(
    ctx,
    submission,
    given,
    entry,
    () => readEntity(ctx, entity, target, call),
    call,
  );
  return { ...submissionOf(made), receiptMessage: queue.receipt, leftOut: entry?.leftOut ?? [] };
}

/** The evaluation with its message. A submitter who may not read it gets none. */
async function queueOf(
  ctx: Context,
  evaluation: EvaluationRef,
  options: CallOptions,
): Promise<{ id: string; receipt?: string }> {
  // An object that was read has its message, if there is one.
  if (typeof evaluation === 'object' && 'id' in evaluation && evaluation.contentSource) {
    const id = await evaluationIdOf(ctx, evaluation, options);
    return { id, receipt: evaluation.submissionReceiptMessage };
  }
  try {
    const { id, submissionReceiptMessage } = await getEvaluation(ctx, evaluation, options);
    return { id, receipt: submissionReceiptMessage };
  } catch (error) {
    if (!(error instanceof AuthorizationError)) throw error;
    return { id: await evaluationIdOf(ctx, evaluation, options) };
  }
}

async function readEntity(
  ctx: Context,
  entity: EntityRef,
  { id, version }: { id: string; version?: number },
  options: CallOptions,
): Promise<SubmittedEntity> {
  if (typeof entity === 'object') {
    const { etag, concreteType } = entity as { etag?: unknown; concreteType?: unknown };
    // A project or a folder has no versions: its submission has version 1.
    if (typeof etag === 'string' && typeof concreteType === 'string') {
      return { id, etag, version: version ?? 1, concreteType, isOwn: false };
    }
  }
  const { entity: service } = ctx.services;
  const read =
    version === undefined
      ? await service.getEntity({ id }, options)
      : await service.getEntityVersion({ id, versionNumber: version }, options);
  const current = 'versionNumber' in read ? read.versionNumber : undefined;
  const { etag = '', concreteType } = read;
  return { id, etag, version: version ?? current ?? 1, concreteType, isOwn: true };
}

/** Submits. If the entity was changed since it was read here, it is read and submitted once more. */
async function sendFresh(
  ctx: Context,
  submission: M.Submission,
  entity: SubmittedEntity,
  entry: TeamEntry | undefined,
  readAgain: () => Promise<SubmittedEntity>,
  options: CallOptions,
): Promise<M.Submission> {
  try {
    return await sendOnce(ctx, submission, entity.etag, entry, options);
  } catch (error) {
    if (!isOutdated(error)) throw error;
    if (!entity.isOwn) throw outdatedObject(entity.id, error);
    const now = await readAgain();
    const fresh = { ...submission, versionNumber: now.version };
    return sendOnce(ctx, fresh, now.etag, entry, options);
  }
}

async function sendOnce(
  ctx: Context,
  body: M.Submission,
  etag: string,
  entry: TeamEntry | undefined,
  options: CallOptions,
): Promise<M.Submission> {
  const hash = entry?.hash;
  const begun = ctx.storage.clock.epoch();
  const args = { etag, body, submissionEligibilityHash: hash };
  const send = () => ctx.services.evaluation.createEvaluationSubmission(args, options);
  try {
    return await explainRefusal(ctx, send, options);
  } catch (error) {
    options.signal?.throwIfAborted();
    if (entry !== undefined && error instanceof AuthorizationError) {
      throw await refusedContributors(ctx, entry, error, options);
    }
    if (!isLostAnswer(error)) throw error;
    return (await findSubmitted(ctx, body, begun, options)) ?? (await send());
  }
}

const isOutdated = (error: unknown): error is SynapseHttpError =>
  error instanceof SynapseHttpError && error.status === 400 && /\be-?tag\b/i.test(error.reason);

function outdatedObject(id: string, cause: SynapseHttpError): ArgumentError {
  return new ArgumentError(
    `${id} was changed since the object was read or stored, so nothing was submitted. Read it again with syn.get and submit that, or submit its id.`,
    { cause },
  );
}
