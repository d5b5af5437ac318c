import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { ArgumentError, AuthorizationError } from '../errors.js';
import { notFound } from '../users/findPrincipal.js';
import { userText } from '../users/userIdOf.js';
import { runPool } from '../transfer/pool.js';
import { explainRefusal } from './explainTeamError.js';
import { inviteeKeys, type Invitee, type InviteeKey } from './invitee.js';
import { InvitationDesk } from './invitationDesk.js';
import type { InviteOptions, InviteResult } from './inviteOptions.js';
import { expiryOf } from './openMembershipOptions.js';
import { teamIdOf, type TeamRef } from './teamIdOf.js';

/** Invitees that are handled at once. */
const atOnce = 4;

/** Implements {@link Teams.invite} for one invitee. */
export async function inviteOne(
  ctx: Context,
  team: TeamRef,
  invitee: Invitee,
  options: InviteOptions = {},
): Promise<InviteResult> {
  const [result] = await inviteMany(ctx, team, [invitee], options);
  if (result === undefined) throw new ArgumentError('There is nobody to invite.');
  if (result.error !== undefined) throw result.error;
  return result;
}

/** Implements {@link Teams.invite} for many invitees. */
export async function inviteMany(
  ctx: Context,
  team: TeamRef,
  invitees: readonly Invitee[],
  options: InviteOptions = {},
): Promise<InviteResult[]> {
  const { signal, timeout, headers } = options;
  const call: CallOptions = { signal, timeout, headers };
  const texts = invitees.map(userText);
  const expiresOn = expiryOf(ctx, options.expiresOn);
  if (texts.length === 0) return [];
  const teamId = await teamIdOf(ctx, team, call);
  const keys = await inviteeKeys(ctx, texts, call);
  const desk = new InvitationDesk(ctx, { ...options, expiresOn, teamId, keys }, call);
  const batch: Batch = { ctx, teamId, desk, call };
  // Nobody is invited twice: texts can name the same invitee.
  const results = new Map<string, InviteResult>();
  const unique = new Map(texts.map((text) => [sameInvitee(text, keys.get(text)), text]));
  await runPool(unique, { limit: atOnce, signal }, async ([same, text]) => {
    results.set(same, await attempt(batch, text, keys.get(text)));
  });
  return texts.map((invitee) => {
    const result = results.get(sameInvitee(invitee, keys.get(invitee)));
    return result === undefined ? { invitee, state: 'failed' } : { ...result, invitee };
  });
}

function sameInvitee(text: string, key: InviteeKey | undefined): string {
  if (key === undefined) return `? ${text}`;
  return key.userId ?? key.email.toLowerCase();
}

/** What the invitations of one call share. */
interface Batch {
  ctx: Context;
  teamId: string;
  desk: InvitationDesk;
  call: CallOptions;
  /** The error of a caller who may not invite, which is the same for all. */
  refusal?: Promise<unknown>;
}

async function attempt(
  batch: Batch,
  text: string,
  key: InviteeKey | undefined,
): Promise<InviteResult> {
  const { ctx, desk, call } = batch;
  try {
    if (key === undefined) throw await notFound(ctx, text, call, 'user');
    if (batch.refusal !== undefined) throw await batch.refusal;
    return { invitee: text, ...(await desk.invite(key)) };
  } catch (error) {
    call.signal?.throwIfAborted();
    const isRefusal = error instanceof AuthorizationError;
    if (isRefusal) batch.refusal ??= explain(batch, error);
    const reported = isRefusal ? await batch.refusal : error;
    if (!(reported instanceof Error)) throw reported;
    return { invitee: text, state: 'failed', error: reported };
  }
}

function explain({ ctx, teamId, call }: Batch, error: AuthorizationError): Promise<unknown> {
  const what = 'invite to the team';
  return explainRefusal(ctx, { id: teamId, what, needs: 'TEAM_MEMBERSHIP_UPDATE' }, call, error);
}
