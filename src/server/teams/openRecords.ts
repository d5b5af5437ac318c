import { badRequest } from '../kernel/serviceError.js';
import type { Collection } from '../state/store.js';
import type { World } from '../world.js';

/** An invitation or request that is open until it is settled or expires. */
export interface OpenRecord {
  readonly id: string;
  readonly teamId: number;
  readonly createdBy: number;
  readonly createdOn: string;
  readonly message?: string;
  readonly expiresOn?: string;
}

/** Filter of invitations or requests. */
export interface OpenTarget {
  readonly teamId?: number;
  readonly userId?: number;
}

/** The records that are not expired, newest first. */
export function stillOpen<T extends OpenRecord>(world: World, records: readonly T[]): T[] {
  const now = world.now().getTime();
  return records
    .filter(({ expiresOn }) => expiresOn === undefined || Date.parse(expiresOn) > now)
    .sort((a, b) => Number(b.id) - Number(a.id));
}

/** The records of a team, a user, or a user in a team. */
export function recordsOf<T extends OpenRecord>(
  records: Collection<T>,
  { teamId, userId }: OpenTarget,
  userOf: (record: T) => number | undefined,
): T[] {
  const byTeam = records.index('team', (record) => String(record.teamId));
  const byUser = records.index('user', (record) => {
    const user = userOf(record);
    return user === undefined ? undefined : String(user);
  });
  if (teamId === undefined) {
    return userId === undefined ? [] : byUser.find(String(userId));
  }
  return byTeam
    .find(String(teamId))
    .filter((record) => userId === undefined || userOf(record) === userId);
}

/** The properties that the creator of an invitation or request may set. @throws 400 */
export function checkOpenFields(body: {
  readonly id?: string;
  readonly createdBy?: string;
  readonly createdOn?: string;
  readonly message?: string;
  readonly expiresOn?: string;
}): Pick<OpenRecord, 'expiresOn' | 'message'> {
  for (const field of ['createdBy', 'createdOn', 'id'] as const) {
    if (body[field] !== undefined) {
      throw badRequest(`'${field}' field is not user specifiable.`);
    }
  }
  const { message, expiresOn } = body;
  if (expiresOn !== undefined && Number.isNaN(Date.parse(expiresOn))) {
    throw badRequest(`'expiresOn' is not a date: ${expiresOn.slice(0, 100)}`);
  }
  return {
    message,
    ...(expiresOn !== undefined && { expiresOn: new Date(expiresOn).toISOString() }),
  };
}
