import type * as M from '../../generated/models.js';
import { canonicalText } from '../entities/annotationText.js';
import { ArgumentError } from '../errors.js';
import { checkStatusName } from '../evaluations/checkStatusName.js';
import {
  annotationLists,
  type SubmissionStatusAnnotations,
} from '../evaluations/submissionStatusAnnotations.js';
import {
  submissionStatusRequest,
  type SubmissionStatusInput,
  type SubmissionStatusRequest,
} from '../evaluations/submissionStatusRequest.js';
import { submissionIdOf } from '../values/ids.js';
import { parseDouble } from '../values/doubles.js';
import { stringifyJson } from '../values/json.js';

/** The update of one status. */
export interface StatusUpdate {
  id: string;
  etag: string;
  body: SubmissionStatusRequest;
}

/**
 * Checks a status, and converts it to the form of the API.
 *
 * @throws {@link ArgumentError} for what the service would refuse: a missing etag, an unknown status, a score outside of 0
 * to 1, annotations that cannot be stored.
 */
export function statusUpdate(status: SubmissionStatusInput): StatusUpdate {
  const id = submissionIdOf(status.id);
  const { etag, score, status: name } = status;
  if (name === undefined) {
    throw new ArgumentError(`The status of submission ${id} has no member status, such as SCORED.`);
  }
  checkStatusName(name);
  if (score !== undefined && !(score >= 0 && score <= 1)) {
    throw new ArgumentError(
      `The score of submission ${id} is ${score}: Synapse takes scores from 0 to 1. Store others as an annotation.`,
    );
  }
  return { id, etag, body: submissionStatusRequest({ ...status, id }) };
}

/** The body of a request. The API description has no whole numbers beyond 2^53, which are written as they are. */
export function statusBody({ body }: StatusUpdate): M.SubmissionStatus {
  return body as M.SubmissionStatus;
}

/**
 * Whether the service has applied an update whose answer was lost: the version is the next one, with this content.
 *
 * @param now - The status that the service has now.
 */
export function isApplied(now: M.SubmissionStatus, { body }: StatusUpdate): boolean {
  if (now.statusVersion !== (body.statusVersion ?? 0) + 1) return false;
  // The order of keys is of no meaning.
  const text = (status: M.SubmissionStatus | SubmissionStatusRequest): string =>
    stringifyJson(contentOf(status), { nonFinite: 'text' });
  return text(now) === text(body);
}

function contentOf(status: M.SubmissionStatus | SubmissionStatusRequest): unknown[] {
  const { score, report, canCancel = false, cancelRequested = false } = status;
  const shown = Object.entries(status.submissionAnnotations?.annotations ?? {})
    .map(([key, { type, value }]) => {
      const texts = value.map((one) => (type === undefined ? one : canonicalText(type, one)));
      return [key, type, ...texts];
    })
    .sort(byText);
  const own = status.annotations as SubmissionStatusAnnotations | undefined;
  const ofStatus = annotationLists.map((list) =>
    (own?.[list] ?? [])
      .map(({ key, value, isPrivate = true }) => {
        const isDouble = list === 'doubleAnnos';
        return [key, String(isDouble ? (parseDouble(String(value)) ?? value) : value), isPrivate];
      })
      .sort(byText),
  );
  return [status.status, score, report ?? '', canCancel, cancelRequested, shown, ofStatus];
}

function byText(one: readonly unknown[], other: readonly unknown[]): number {
  const [a, b] = [JSON.stringify(one), JSON.stringify(other)];
  return a < b ? -1 : Number(a > b);
}
