import type { Context } from '../context.js';
import type { Entity, Stored } from '../entities/entityClasses.js';
import { File } from '../entities/entityClasses.js';
import { fetchFile } from '../entities/fetchFile.js';
import type { GetOptions } from '../entities/getEntity.js';
import { rememberLocal } from '../entities/storedState.js';
import { SynapseError } from '../errors.js';
import { explainRefusal } from '../evaluations/explainRefusal.js';
import { submissionIdOf } from '../values/ids.js';
import { submissionOf, type Submission, type SubmissionRef } from './submission.js';
import { submittedEntity } from './submittedEntity.js';

/** How a submission is read. */
export type GetSubmissionOptions = Pick<
  GetOptions,
  'downloadFile' | 'downloadLocation' | 'ifCollision' | 'verify' | 'signal' | 'onProgress'
>;

/** A submission with the entity as it was when it was submitted. */
export interface SubmissionWithEntity extends Submission {
  /** Absent for a submission that has no copy of its entity. A file has a `path`, if it was downloaded. */
  entity?: Entity & Stored;
}

/** Implements {@link Submissions.get}. */
export async function getSubmission(
  ctx: Context,
  submission: SubmissionRef,
  options: GetSubmissionOptions = {},
): Promise<SubmissionWithEntity> {
  const subId = submissionIdOf(submission);
  const { signal, downloadFile = true } = options;
  const read = () => ctx.services.evaluation.getEvaluationSubmission({ subId }, { signal });
  // A submission never changes: one of a list need not be read again.
  const answer = isWhole(submission)
    ? { ...submission }
    : submissionOf(await explainRefusal(ctx, read, { signal }));
  const entity = submittedEntity(answer);
  if (entity === undefined) return answer;
  if (entity instanceof File && downloadFile) await download(ctx, subId, entity, options);
  return { ...answer, entity };
}

function isWhole(submission: SubmissionRef): submission is Submission {
  return (
    typeof submission === 'object' && 'entityBundleJSON' in submission && 'entityId' in submission
  );
}

async function download(
  ctx: Context,
  subId: string,
  file: File & Stored,
  options: GetSubmissionOptions,
): Promise<void> {
  if (file.fileHandle === undefined) {
    throw new SynapseError(
      `Submission ${subId} has no file: its copy of ${file.id} (${file.name}) names none that the submitter could download. Read it with downloadFile: false.`,
      { code: 'NOT_FOUND' },
    );
  }
  // Organizers need not be able to download the entity: the submission lets them.
  const association = {
    associateObjectId: subId,
    associateObjectType: 'SubmissionAttachment',
  } as const;
  const copy = await fetchFile(ctx, file, { ...options, association });
  if (copy === undefined) return;
  await rememberLocal(file, copy.path, copy.local);
}
