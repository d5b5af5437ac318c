import { createHash, randomInt } from 'node:crypto';

import type * as M from '../../../generated/models.js';
import { badRequest, forbidden, unauthorized, type ServiceError } from '../kernel/serviceError.js';
import type { Collection } from '../state/store.js';
import type { World } from '../world.js';
import { codeIsValid, newSecret } from './oneTimeCodes.js';
import { readSignedPayload, signPayload } from './signedPayload.js';

const tokenLifetime = 600_000;
const recoveryCodeCount = 10;

/** What a token allows once the second factor is given. Each purpose has tokens of its own. */
export type SecondFactorPurpose = 'two-factor login' | 'two-factor password change';

interface TwoFactorRecord {
  /** The secret in use; absent while two-factor authentication is off. */
  readonly active?: StoredSecret;
  /** Secrets that were issued and are not confirmed yet. */
  readonly issued?: readonly StoredSecret[];
  /** SHA-256 of the unused recovery codes. */
  readonly recoveryHashes: readonly string[];
}

interface StoredSecret {
  readonly id: string;
  /** In base32, as authenticator apps take it. */
  readonly secret: string;
}

function records(world: World): Collection<TwoFactorRecord> {
  return world.store.collection<TwoFactorRecord>('twoFactor');
}

function recordOf(world: World, userId: number): TwoFactorRecord {
  return records(world).get(String(userId)) ?? { recoveryHashes: [] };
}

/** Whether a user must give a second factor at login. */
export function twoFactorIsEnabled(world: World, userId: number): boolean {
  return recordOf(world, userId).active !== undefined;
}

/** @throws 400 while two-factor authentication is off */
export function requireTwoFactor(world: World, userId: number): void {
  if (!twoFactorIsEnabled(world, userId)) {
    throw badRequest('Two factor authentication is not enabled');
  }
}

/** 401 that tells a client to request the second factor. */
export function secondFactorRequired(
  world: World,
  userId: number,
  purpose: SecondFactorPurpose,
): ServiceError {
  const reason = 'Two factor authentication required.';
  const expires = world.now().getTime() + tokenLifetime;
  const body: M.TwoFactorAuthErrorResponse = {
    concreteType: 'org.sagebionetworks.repo.model.auth.TwoFactorAuthErrorResponse',
    userId,
    twoFaToken: signPayload(world, purpose, { userId, expires }),
    reason,
    errorCode: 'TWO_FA_REQUIRED',
  };
  return unauthorized(reason, { body });
}

/** @throws 401 for a token that was not given to the user for this purpose, or has expired */
export function checkTwoFactorToken(
  world: World,
  purpose: SecondFactorPurpose,
  { userId, token }: { readonly userId: number; readonly token: string },
): void {
  if (readSignedPayload(world, purpose, token)?.userId !== userId) {
    throw unauthorized('The provided 2fa token is invalid.');
  }
}

/** A second factor: a one-time code or a recovery code. */
export interface SecondFactor {
  readonly userId?: number;
  readonly twoFaToken?: string;
  readonly otpCode?: string;
  /** @default `TOTP` */
  readonly otpType?: M.TwoFactorAuthOtpType;
}

/** A checked second factor. */
export interface CheckedFactor {
  readonly userId: number;
  /** After the use of a recovery code, the number of those that are left. */
  readonly codesLeft?: number;
}

/** Checks a second factor; a recovery code is used up. @throws 400, 401 */
export function checkSecondFactor(
  world: World,
  purpose: SecondFactorPurpose,
  { userId, twoFaToken, otpCode, otpType = 'TOTP' }: SecondFactor,
): CheckedFactor {
  for (const [name, value] of Object.entries({ userId, twoFaToken, otpCode })) {
    if (value === undefined) {
      throw badRequest(`The ${name} is required.`);
    }
  }
  const id = userId ?? 0;
  const code = otpCode ?? '';
  checkTwoFactorToken(world, purpose, { userId: id, token: twoFaToken ?? '' });
  if (code.trim() === '') {
    const name = otpType === 'TOTP' ? 'otpCode' : 'recoveryCode';
    const what = code === '' ? 'the empty string' : 'a blank string';
    throw badRequest(`The ${name} is required and must not be ${what}.`);
  }
  requireTwoFactor(world, id);
  return otpType === 'TOTP' ? checkOneTimeCode(world, id, code) : useRecoveryCode(world, id, code);
}

function checkOneTimeCode(world: World, userId: number, code: string): CheckedFactor {
  const { active } = recordOf(world, userId);
  if (active === undefined || !codeIsValid(world, active.secret, code)) {
    throw unauthorized('The provided code is invalid.');
  }
  return { userId };
}

function useRecoveryCode(world: World, userId: number, code: string): CheckedFactor {
  const record = recordOf(world, userId);
  const hash = hashCode(code);
  if (!record.recoveryHashes.includes(hash)) {
    throw unauthorized('The provided code is invalid.');
  }
  const recoveryHashes = record.recoveryHashes.filter((other) => other !== hash);
  records(world).put(String(userId), { ...record, recoveryHashes });
  return { userId, codesLeft: recoveryHashes.length };
}

/** Issues a secret, which has no effect until it is confirmed. */
export function issueSecret(world: World, userId: number): StoredSecret {
  const record = recordOf(world, userId);
  const secret = { id: String(world.store.sequence('twoFactorSecrets')()), secret: newSecret() };
  records(world).put(String(userId), { ...record, issued: [...(record.issued ?? []), secret] });
  return secret;
}

/**
 * Puts an issued secret into use, in place of the one that is in use with its recovery codes.
 *
 * @throws 400, 403 for a secret that was not issued to the user
 */
export function confirmSecret(
  world: World,
  userId: number,
  { secretId, totp }: M.TotpSecretActivationRequest,
): void {
  if (secretId === undefined || totp === undefined) {
    throw badRequest(`The ${secretId === undefined ? 'secret id' : 'totp code'} is required.`);
  }
  const { active, issued = [] } = recordOf(world, userId);
  if (active?.id === secretId) {
    throw badRequest('Two factor authentication is already enabled with this secret');
  }
  const secret = issued.find(({ id }) => id === secretId);
  if (secret === undefined) {
    throw forbidden('Invalid secret id');
  }
  if (!codeIsValid(world, secret.secret, totp)) {
    throw badRequest('Invalid totp code');
  }
  const left = issued.filter(({ id }) => id !== secretId);
  records(world).put(String(userId), { active: secret, issued: left, recoveryHashes: [] });
}

/** Turns two-factor authentication off. @throws 400 while it is off */
export function removeSecrets(world: World, userId: number): void {
  requireTwoFactor(world, userId);
  records(world).delete(String(userId));
}

/** Makes new recovery codes, which replace the previous ones. @throws 400 */
export function makeRecoveryCodes(world: World, userId: number): string[] {
  requireTwoFactor(world, userId);
  const codes = Array.from({ length: recoveryCodeCount }, recoveryCode);
  const record = recordOf(world, userId);
  records(world).put(String(userId), { ...record, recoveryHashes: codes.map(hashCode) });
  return codes;
}

/** Four groups of four characters. */
function recoveryCode(): string {
  const group = () =>
    randomInt(36 ** 4)
      .toString(36)
      .padStart(4, '0');
  return [group(), group(), group(), group()].join('-');
}

function hashCode(code: string): string {
  return createHash('sha256').update(code).digest('hex');
}
