import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

import type * as M from '../../../generated/models.js';
import { addressOf, checkedEndpoint, linkMail, sendMail } from '../emails/outbox.js';
import type { Caller } from '../kernel/caller.js';
import type { Router } from '../kernel/router.js';
import { badRequest, unauthorized, type ServiceError } from '../kernel/serviceError.js';
import type { Collection } from '../state/store.js';
import { getPrincipal } from '../users/principals.js';
import type { World } from '../world.js';
import { readSignedPayload, signPayload } from './signedPayload.js';
import { checkToken, signToken, tokenSuffix } from './signedTokens.js';

const period = 30;
const digits = 6;
const tokenLifetime = 600_000;
const purpose = 'two-factor login';
const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

interface TwoFactorRecord {
  /** The secret in use; absent while two-factor authentication is off. */
  readonly active?: StoredSecret;
  /** A secret that was issued and is not confirmed yet. */
  readonly enrolled?: StoredSecret;
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

export function twoFactorIsEnabled(world: World, userId: number): boolean {
  return recordOf(world, userId).active !== undefined;
}

/** 401 that tells a client to request the second factor. */
export function secondFactorRequired(world: World, userId: number): ServiceError {
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

/** Checks the second factor of a login; a recovery code is used up. @throws 401 */
export function checkSecondFactor(
  world: World,
  request: {
    readonly userId?: number;
    readonly twoFaToken?: string;
    readonly otpCode?: string;
    readonly otpType?: M.TwoFactorAuthOtpType;
  },
): number {
  const userId = userOfLogin(world, request);
  const record = recordOf(world, userId);
  const code = request.otpCode ?? '';
  if (request.otpType === 'RECOVERY_CODE') {
    const hash = hashCode(code);
    if (!record.recoveryHashes.includes(hash)) {
      throw unauthorized('The provided code is invalid.');
    }
    const recoveryHashes = record.recoveryHashes.filter((other) => other !== hash);
    records(world).put(String(userId), { ...record, recoveryHashes });
  } else if (record.active === undefined || !codeIsValid(world, record.active.secret, code)) {
    throw unauthorized('The provided code is invalid.');
  }
  return userId;
}

/** Serves `/auth/v1/2fa` for users who are logged in. */
export function twoFactorRoutes(router: Router, world: World): void {
  const status = (userId: number): M.TwoFactorAuthStatus => ({
    status: twoFactorIsEnabled(world, userId) ? 'ENABLED' : 'DISABLED',
  });

  router.get('/auth/v1/2fa', ({ caller }) => status(userOf(caller)));

  router.post('/auth/v1/2fa/enroll', ({ caller }) => {
    const userId = userOf(caller);
    const enrolled = { id: world.uuid(), secret: toBase32(randomBytes(20)) };
    records(world).put(String(userId), { ...recordOf(world, userId), enrolled });
    return {
      secretId: enrolled.id,
      secret: enrolled.secret,
      alg: 'SHA1',
      digits,
      period,
      username: getPrincipal(world, userId)?.name ?? String(userId),
    };
  });

  router.post('/auth/v1/2fa', ({ body, caller }) => {
    const userId = userOf(caller);
    const { enrolled, recoveryHashes } = recordOf(world, userId);
    if (enrolled === undefined || enrolled.id !== body.secretId) {
      throw badRequest('Invalid secret id: enroll first.');
    }
    if (!codeIsValid(world, enrolled.secret, body.totp ?? '')) {
      throw badRequest('Invalid totp code.');
    }
    records(world).put(String(userId), { active: enrolled, recoveryHashes });
    return status(userId);
  });

  router.delete('/auth/v1/2fa', ({ caller }) => {
    records(world).delete(String(userOf(caller)));
  });

  router.post('/auth/v1/2fa/reset', ({ body }) => sendReset(world, body));
  router.post('/auth/v1/2fa/disable', ({ body }) => disableWithToken(world, body));
  router.post('/auth/v1/2fa/recoveryCodes', ({ caller }) => {
    const userId = userOf(caller);
    const record = recordOf(world, userId);
    if (record.active === undefined) {
      throw badRequest('Two factor authentication is not enabled.');
    }
    const codes = Array.from({ length: 10 }, () => randomBytes(8).toString('hex'));
    records(world).put(String(userId), { ...record, recoveryHashes: codes.map(hashCode) });
    return { codes };
  });
}

/**
 * Sends a link for disabling two-factor authentication without the second factor.
 *
 * @throws 400, 401 without a started login
 * @see https://rest-docs.synapse.org/rest/POST/2fa/reset.html
 */
function sendReset(world: World, request: M.TwoFactorAuthResetRequest): void {
  const userId = userOfLogin(world, request);
  const endpoint = checkedEndpoint('twoFaResetEndpoint', request.twoFaResetEndpoint);
  const to = addressOf(world, userId);
  if (to === undefined) {
    return;
  }
  const token = signToken(world, {
    concreteType: 'org.sagebionetworks.repo.model.auth.TwoFactorAuthResetToken',
    userId,
  });
  const link = endpoint + tokenSuffix(token);
  const text = 'Follow the link to disable two-factor authentication.';
  sendMail(world, { to, ...linkMail('Two-Factor Authentication Recovery', { text, link }) });
}

/**
 * Disables two-factor authentication for a user with a started login and the token of the link.
 *
 * @throws 400, 401 without a started login, 403 for a token that this server did not sign
 * @see https://rest-docs.synapse.org/rest/POST/2fa/disable.html
 */
function disableWithToken(
  world: World,
  { twoFaResetToken, twoFaToken }: M.TwoFactorAuthDisableRequest,
): void {
  if (twoFaResetToken?.userId === undefined) {
    throw badRequest('The twoFaResetToken is required.');
  }
  checkToken(world, twoFaResetToken);
  const { userId } = twoFaResetToken;
  records(world).delete(String(userOfLogin(world, { userId, twoFaToken })));
}

/** The user who gave the right password, but no second factor yet. @throws 401 */
function userOfLogin(
  world: World,
  request: { readonly userId?: number; readonly twoFaToken?: string },
): number {
  const payload = readSignedPayload(world, purpose, request.twoFaToken);
  if (payload === undefined || payload.userId !== request.userId) {
    throw unauthorized('The provided 2fa token is invalid.');
  }
  return payload.userId;
}

function userOf(caller: Caller): number {
  if (caller.isAnonymous) {
    throw unauthorized('Anonymous users have no two factor authentication.');
  }
  return caller.userId;
}

function hashCode(code: string): string {
  return createHash('sha256').update(code).digest('hex');
}

function codeIsValid(world: World, secret: string, code: string): boolean {
  const step = Math.floor(world.now().getTime() / 1000 / period);
  const given = Buffer.from(code);
  return [step - 1, step, step + 1].some((candidate) => {
    const expected = Buffer.from(oneTimeCode(secret, candidate));
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

/** The time-based one-time code (RFC 6238) of one step. */
function oneTimeCode(secret: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const hash = createHmac('sha1', fromBase32(secret)).update(counter).digest();
  const offset = hash.readUInt8(hash.length - 1) & 15;
  const number = (hash.readUInt32BE(offset) & 0x7fffffff) % 10 ** digits;
  return String(number).padStart(digits, '0');
}

function toBase32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{5}/g) ?? []).map((five) => base32.charAt(parseInt(five, 2))).join('');
}

function fromBase32(text: string): Buffer {
  const bits = Array.from(text, (char) => base32.indexOf(char).toString(2).padStart(5, '0')).join(
    '',
  );
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
}
