import { parseDouble } from '../../values/doubles.js';
import { strip } from '../../values/whitespace.js';
import type { Misfit, Written } from './written.js';

const wholeNumber = /^[+-]?\d+$/;
/** Whole numbers with fewer digits are exact as JavaScript numbers. */
const exactDigits = 15;

const notAnInteger: Misfit = { reason: 'is not a whole number' };
const beyond64Bits: Misfit = {
  reason: 'is beyond 64 bits: from -9223372036854775808 to 9223372036854775807',
};
const rounded: Misfit = {
  reason: 'is beyond 2^53, where JavaScript rounds numbers: pass a bigint or a text',
};

/** Writes a whole number of 64 bits. */
export function writeLong(value: unknown): Written {
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) return String(value);
    return Number.isInteger(value) ? rounded : notAnInteger;
  }
  if (typeof value === 'bigint') {
    return BigInt.asIntN(64, value) === value ? String(value) : beyond64Bits;
  }
  if (typeof value !== 'string') return notAnInteger;
  const text = strip(value);
  if (!wholeNumber.test(text)) return notAnInteger;
  if (text.length <= exactDigits) return String(Number(text));
  // The longest number of 64 bits has 19 digits; BigInt takes quadratic time for long texts.
  const digits = text.replace(/^[+-]?0*/, '');
  if (digits.length > 19) return beyond64Bits;
  return writeLong(BigInt(text.startsWith('-') ? `-${digits || '0'}` : digits || '0'));
}

const notADouble: Misfit = { reason: 'is not a number' };
const beyondDouble: Misfit = {
  reason: 'is beyond the range of a DOUBLE, which would store infinity or zero',
};
const inexactDouble: Misfit = {
  reason: 'is a whole number that a DOUBLE cannot hold exactly: use a STRING or an INTEGER column',
};

/**
 * Writes a DOUBLE, so that the same double is read back. A text with more digits than a double has is stored as the nearest
 * double, unless it is a whole number.
 */
export function writeDouble(value: unknown): Written {
  if (typeof value === 'number') return doubleText(value);
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isFinite(number) && BigInt(number) === value ? doubleText(number) : inexactDouble;
  }
  if (typeof value !== 'string') return notADouble;
  const text = strip(value);
  const number = parseDouble(text);
  if (number === undefined) return notADouble;
  if (text.length > exactDigits && wholeNumber.test(text)) {
    if (!Number.isFinite(number)) return beyondDouble;
    // Without leading zeros, a finite number has at most 309 digits.
    const digits = text.replace(/^[+-]?0*/, '') || '0';
    const size = Math.abs(number);
    // JavaScript writes zeros for the last digits of large numbers.
    if (String(size) !== digits && BigInt(size) !== BigInt(digits)) return inexactDouble;
  }
  return isOutOfRange(text, number) ? beyondDouble : doubleText(number);
}

/** Whether the digits of a number stand for infinity, or for zero though they are not. */
export function isOutOfRange(digits: string, number: number): boolean {
  if (number === 0) return /^[^e]*[1-9]/i.test(digits);
  return !Number.isFinite(number) && /\d/.test(digits);
}

function doubleText(number: number): string {
  return Object.is(number, -0) ? '-0' : String(number);
}
