import { escapeHtml } from '../emails/html.js';
import { notify } from '../messages/notify.js';
import { membersOf } from '../users/memberships.js';
import { fixedPrincipals, getPrincipal } from '../users/principals.js';
import type { World } from '../world.js';
import { stateOf, type VerificationRecord } from './verificationRecords.js';

const subject = 'Synapse Identity Verification Request';

/** Tells the members of the ACT that a user asks for the validation of a profile. */
export async function tellAct(
  world: World,
  { createdBy }: VerificationRecord,
  unsubscribeEndpoint: string | undefined,
): Promise<void> {
  const text = `${nameOf(world, createdBy)} has submitted a profile for validation.`;
  for (const { userId } of membersOf(world, fixedPrincipals.accessAndCompliance)) {
    await send(world, userId, {
      createdBy: Number(createdBy),
      text,
      link: profileLink(createdBy),
      unsubscribeEndpoint,
    });
  }
}

/** Tells a user what the ACT has decided, with its reason. */
export async function tellSubmitter(
  world: World,
  record: VerificationRecord,
  unsubscribeEndpoint: string | undefined,
): Promise<void> {
  const { createdBy, stateHistory } = record;
  const reason = stateHistory.at(-1)?.reason ?? '';
  const decided = `Dear ${nameOf(world, createdBy)}, the validation of your profile is ${stateOf(record).toLowerCase()}.`;
  await send(world, Number(createdBy), {
    createdBy: Number(stateHistory.at(-1)?.createdBy),
    text: reason === '' ? decided : `${decided} The reason: ${reason}`,
    link: profileLink(createdBy),
    unsubscribeEndpoint,
  });
}

function nameOf(world: World, id: string): string {
  return getPrincipal(world, Number(id))?.name ?? id;
}

function profileLink(id: string): string {
  return `https://www.synapse.org/#!Profile:${id}`;
}

interface Told {
  /** The user whose action is told of. */
  readonly createdBy: number;
  readonly text: string;
  readonly link: string;
  readonly unsubscribeEndpoint: string | undefined;
}

async function send(world: World, recipientId: number, told: Told): Promise<void> {
  const { text, ...rest } = told;
  const href = escapeHtml(told.link);
  const html = `<html><body><p>${escapeHtml(text)}</p><p><a href="${href}">${href}</a></p></body></html>`;
  await notify(world, { recipientId, subject, html, ...rest });
}
