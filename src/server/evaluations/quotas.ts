import type * as M from '../../../generated/models.js';
import { requireFields } from '../kernel/requireFields.js';
import { badRequest } from '../kernel/serviceError.js';
import { isoDate, parseDate } from './roundDates.js';

/** The rounds of an evaluation in the form that is older than rounds. */
export interface QuotaRecord {
  readonly firstRoundStart: string;
  readonly numberOfRounds: number;
  readonly roundDurationMillis: number;
  /** Maximum number of submissions in a round. */
  readonly submissionLimit?: number;
}

/** A period with its limits. */
export interface Period {
  readonly roundStart: string;
  readonly roundEnd: string;
  readonly limits: readonly M.EvaluationRoundLimit[];
}

/** Maximum number of rounds that a quota is converted to. */
const maxRounds = 10_000;
const day = 24 * 60 * 60_000;

/** Checks a quota. @throws 400 */
export function checkQuota(quota: M.SubmissionQuota): QuotaRecord {
  const { firstRoundStart, numberOfRounds = -1, roundDurationMillis = -1, submissionLimit } = quota;
  if (submissionLimit !== undefined && submissionLimit < 0) {
    throw badRequest('submissionLimit must be non-negative');
  }
  if (numberOfRounds < 0) {
    throw badRequest('numberOfRounds must be defined and be non-negative');
  }
  if (roundDurationMillis < 0) {
    throw badRequest('roundDurationMillis must be defined and non-negative');
  }
  requireFields(quota, ['firstRoundStart']);
  return {
    firstRoundStart: parseDate('firstRoundStart', firstRoundStart ?? ''),
    numberOfRounds,
    roundDurationMillis,
    ...(submissionLimit !== undefined && { submissionLimit }),
  };
}

/** The round of a quota at a time. */
export function quotaPeriod(quota: QuotaRecord, now: Date): Period | undefined {
  const { roundDurationMillis: length, numberOfRounds } = quota;
  const index = Math.floor((now.getTime() - Date.parse(quota.firstRoundStart)) / length);
  return length > 0 && index >= 0 && index < numberOfRounds
    ? periodAt(quota, index, 'TOTAL')
    : undefined;
}

/**
 * The rounds that a quota is converted to. Rounds of a day, a week or a month become one round with a limit for each.
 *
 * @throws 400 when there are too many
 */
export function quotaPeriods(quota: QuotaRecord): Period[] {
  const { numberOfRounds, roundDurationMillis } = quota;
  const repeated = repeatedLimit(roundDurationMillis);
  if (repeated !== undefined) {
    const last = periodAt(quota, numberOfRounds - 1, repeated);
    return [{ ...last, roundStart: quota.firstRoundStart }];
  }
  if (numberOfRounds > maxRounds) {
    throw badRequest(`The embedded server converts a quota to at most ${maxRounds} rounds.`);
  }
  return Array.from({ length: numberOfRounds }, (_, index) => periodAt(quota, index, 'TOTAL'));
}

function repeatedLimit(length: number): M.EvaluationRoundLimit['limitType'] | undefined {
  if (length === day) {
    return 'DAILY';
  }
  if (length === 7 * day) {
    return 'WEEKLY';
  }
  return length >= 28 * day && length <= 31 * day ? 'MONTHLY' : undefined;
}

function periodAt(
  { firstRoundStart, roundDurationMillis, submissionLimit }: QuotaRecord,
  index: number,
  limitType: M.EvaluationRoundLimit['limitType'],
): Period {
  const start = Date.parse(firstRoundStart) + index * roundDurationMillis;
  return {
    roundStart: isoDate(start),
    roundEnd: isoDate(start + roundDurationMillis),
    limits:
      submissionLimit === undefined ? [] : [{ limitType, maximumSubmissions: submissionLimit }],
  };
}
