import { redactText } from '../redact.js';
import type { Clock } from './clock.js';

/** One request that was sent, and its response. Contains no secrets: tokens, passwords, keys and signatures are masked. */
export interface RequestNotice {
  method: string;
  url: string;
  /** Absent when there was no response. */
  status?: number;
  /** Why there was no response. */
  error?: string;
  durationMs: number;
  /** The beginning of the body that was sent. Absent for the content of files. */
  sent?: string;
  /** The beginning of the body that was received. Absent for the content of files. */
  received?: string;
}

/** Receives a notice of each request, also of those that are sent again. */
export type OnRequest = (notice: RequestNotice) => void;

/** A request, and the bodies to tell about. */
export interface ObservedRequest {
  method: string;
  url: string;
  body?: string | undefined;
}

/** Sends a request and tells about it. Without an observer, it is only sent. */
export async function observed<T>(
  { onRequest, clock }: { onRequest?: OnRequest | undefined; clock: Clock },
  { method, url, body }: ObservedRequest,
  send: () => Promise<T>,
  read: (result: T) => { status?: number; text?: string; error?: string },
): Promise<T> {
  if (onRequest === undefined) return send();
  const began = clock.now();
  const tell = ({ status, text, error }: ReturnType<typeof read>): void =>
    onRequest({
      method,
      url: redactText(url),
      ...(status !== undefined && { status }),
      ...(error !== undefined && { error: redactText(error) }),
      durationMs: Math.round(clock.now() - began),
      ...(body !== undefined && { sent: bodyWithoutSecrets(body) }),
      ...(text !== undefined && text !== '' && { received: bodyWithoutSecrets(text) }),
    });
  try {
    const result = await send();
    tell(read(result));
    return result;
  } catch (error) {
    tell({ error: error instanceof Error ? error.message : String(error) });
    throw error;
  }
}

/** Characters of a body that are shown. */
const longestBody = 2000;

/** Larger bodies are left out: only their length is shown. */
const longestSearched = 1_000_000;

/** Names of members with secret values. Unlike in {@link redactText}, a value may also be a list. */
const secretMember =
  /token$|secret|password|passphrase|passcode|credential|signature|accesskey|apikey|privatekey|authenticationreceipt|^(?:otp|totp|otpcode|recoverycodes?|newcodes)$/i;

/** Page tokens are no secrets. */
const harmlessMember = /^nextPageToken$/i;

function bodyWithoutSecrets(body: string): string {
  if (body.length > longestSearched) return `(${body.length} characters)`;
  const text = redactText(maskedMembers(body));
  return text.length <= longestBody
    ? text
    : `${text.slice(0, longestBody)}… (${text.length} characters)`;
}

/** Masks the values of secret members of JSON. Other text is returned unchanged. */
function maskedMembers(body: string): string {
  if (!/^\s*[[{]/.test(body)) return body;
  try {
    return JSON.stringify(JSON.parse(body), (name, value: unknown) =>
      isSecret(name) && (typeof value === 'string' || Array.isArray(value)) ? '***' : value,
    );
  } catch {
    return body;
  }
}

function isSecret(name: string): boolean {
  return secretMember.test(name) && !harmlessMember.test(name);
}
