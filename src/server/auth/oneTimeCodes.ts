import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

import type { World } from '../world.js';

/** Seconds for which a code is shown. */
export const codePeriod = 30;
export const codeDigits = 6;

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** A new secret in base32, as authenticator apps take it. */
export function newSecret(): string {
  return toBase32(randomBytes(20));
}

/** Whether a code belongs to a secret now, or did so one period ago or will one later. */
export function codeIsValid(world: World, secret: string, code: string): boolean {
  const step = Math.floor(world.now().getTime() / 1000 / codePeriod);
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
  const number = (hash.readUInt32BE(offset) & 0x7fffffff) % 10 ** codeDigits;
  return String(number).padStart(codeDigits, '0');
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
