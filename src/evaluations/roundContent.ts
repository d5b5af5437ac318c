import type * as M from '../../generated/models.js';
import { ArgumentError } from '../errors.js';
import { parseIsoDate } from '../values/dates.js';
import { quoted } from '../values/quoted.js';

/** How many submissions a user or a team may make: in the whole round, or in each day, week (from Monday) or month of UTC. */
export type RoundLimits = Partial<Record<M.EvaluationRoundLimitType, number>>;

/** What a caller sets of a round. */
export interface RoundInput {
  /** A date, or a text of ISO 8601. */
  roundStart: Date | string;
  /** A date, or a text of ISO 8601. Submissions end before it. */
  roundEnd: Date | string;
  /** @default no limits */
  limits?: RoundLimits | M.EvaluationRoundLimit[];
}

const limitTypes: readonly string[] = [
  'TOTAL',
  'DAILY',
  'WEEKLY',
  'MONTHLY',
] satisfies M.EvaluationRoundLimitType[];

/**
 * The content of a round in the form of the API.
 *
 * @throws {@link ArgumentError} for what is not a date, an end before the start, and limits that are not whole numbers from 1.
 */
export function roundContent({
  roundStart,
  roundEnd,
  limits = {},
}: RoundInput): Omit<M.EvaluationRound, 'evaluationId'> {
  const start = isoTime('roundStart', roundStart);
  const end = isoTime('roundEnd', roundEnd);
  if (Date.parse(end) <= Date.parse(start)) {
    throw new ArgumentError(`The round ends (${end}) before it starts (${start}).`);
  }
  return { roundStart: start, roundEnd: end, limits: limitList(limits) };
}

function isoTime(name: string, time: Date | string): string {
  const date = typeof time === 'string' ? parseIsoDate(time) : time;
  if (date !== undefined && !Number.isNaN(date.getTime())) return date.toISOString();
  throw new ArgumentError(
    `${name} of a round is not a date: ${quoted(String(time))}. Pass a Date, or a text such as 2030-01-31T12:00:00Z.`,
  );
}

function limitList(limits: RoundLimits | M.EvaluationRoundLimit[]): M.EvaluationRoundLimit[] {
  const list = Array.isArray(limits)
    ? limits
    : Object.entries(limits).map(([limitType, maximumSubmissions]) => {
        return { limitType, maximumSubmissions } as M.EvaluationRoundLimit;
      });
  const seen = new Set<string>();
  for (const { limitType, maximumSubmissions } of list) {
    if (!limitTypes.includes(limitType)) {
      throw new ArgumentError(
        `${quoted(limitType)} is not a kind of limit: expected ${limitTypes.join(', ')}`,
      );
    }
    if (seen.has(limitType)) throw new ArgumentError(`The round has two ${limitType} limits.`);
    seen.add(limitType);
    if (!Number.isSafeInteger(maximumSubmissions) || maximumSubmissions < 1) {
      throw new ArgumentError(
        `The ${limitType} limit of a round is ${maximumSubmissions}: expected a whole number from 1. Without a limit, leave it out.`,
      );
    }
  }
  return list;
}
