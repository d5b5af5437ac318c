/** Digits that a JavaScript number always holds exactly. */
const exactDigits = 15;
/** Digits of the longest integer of 64 bits; digits after these need the general algorithm. */
const mostDigits = 19;
/** Powers of ten that a JavaScript number holds exactly. */
const powersOfTen = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
/** Splits a number of 53 bits into two of 26: T. J. Dekker, "A floating-point technique", 1971. */
const splitter = 2 ** 27 + 1;
/** More than the error of a quotient or product of two numbers in two parts, relative to its second part. */
const tolerance = 2 ** -45;

const point = 46;
const minus = 45;
const plus = 43;
const zero = 48;
/** `e`, and `E` with this bit. */
const lowerCase = 32;
const letterE = 101;

/**
 * Reads a decimal number from ASCII text, correctly rounded as `Number` does, without making a string.
 *
 * @returns NaN for all that needs the general algorithm: long numbers, numbers near a tie, infinities, and texts that are no number.
 */
export function doubleOfBytes(bytes: Uint8Array, start: number, end: number): number {
  let position = start;
  const first = bytes[start] ?? 0;
  if (first === minus || first === plus) position += 1;
  let high = 0;
  let low = 0;
  let lowScale = 1;
  let digits = 0;
  let fraction = -1;
  let seen = 0;
  for (; position < end; position += 1) {
    const code = bytes[position] ?? 0;
    const digit = code - zero;
    if (digit >= 0 && digit <= 9) {
      seen += 1;
      if (fraction >= 0) fraction += 1;
      if (digits > 0 || digit > 0) digits += 1;
      if (digits <= exactDigits) {
        high = high * 10 + digit;
      } else {
        low = low * 10 + digit;
        lowScale *= 10;
      }
    } else if (code === point && fraction < 0 && seen > 0) {
      fraction = 0;
    } else break;
  }
  if (seen === 0 || digits > mostDigits) return Number.NaN;
  const exponent = position === end ? 0 : exponentOfBytes(bytes, position, end);
  const scale = exponent - Math.max(fraction, 0);
  const value =
    digits <= exactDigits
      ? scaled(high, scale)
      : longScaled(high * lowScale, high, lowScale, low, scale);
  return first === minus ? -value : value;
}

/** The exponent after the digits, which begins with `e`; NaN when it is not one of at most three digits. */
function exponentOfBytes(bytes: Uint8Array, start: number, end: number): number {
  if (((bytes[start] ?? 0) | lowerCase) !== letterE) return Number.NaN;
  const sign = bytes[start + 1] ?? 0;
  const from = sign === minus || sign === plus ? start + 2 : start + 1;
  if (from >= end || end - from > 3) return Number.NaN;
  let exponent = 0;
  for (let position = from; position < end; position += 1) {
    const digit = (bytes[position] ?? 0) - zero;
    if (digit < 0 || digit > 9) return Number.NaN;
    exponent = exponent * 10 + digit;
  }
  return sign === minus ? -exponent : exponent;
}

/** `value * 10 ** scale` for an exact value: one operation on exact numbers rounds correctly. */
function scaled(value: number, scale: number): number {
  if (scale === 0) return value;
  if (scale > 0) return value * (powersOfTen[scale] ?? Number.NaN);
  return value / (powersOfTen[-scale] ?? Number.NaN);
}

/**
 * `(a * m + b) * 10 ** scale`, where the sum has more digits than one number holds: it is the sum of two numbers. So is the result,
 * whose second part has a small error. When the error does not matter for the rounding of their sum, that is the correct result.
 */
function longScaled(product: number, a: number, m: number, b: number, scale: number): number {
  const rest = lostInProduct(a, m, product) + b;
  const head = product + rest;
  const tail = rest - (head - product);
  if (scale === 0) return head;
  const power = powersOfTen[Math.abs(scale)] ?? Number.NaN;
  const first = scale > 0 ? head * power : head / power;
  const second =
    scale > 0
      ? lostInProduct(head, power, first) + tail * power
      : (remainder(head, first, power) + tail) / power;
  const lower = first + second * (1 - tolerance);
  const upper = first + second * (1 + tolerance);
  return lower === upper ? lower : Number.NaN;
}

/** `dividend - quotient * divisor`, exactly. */
function remainder(dividend: number, quotient: number, divisor: number): number {
  const product = quotient * divisor;
  return dividend - product - lostInProduct(quotient, divisor, product);
}

/** What rounding took from a product, exactly. */
function lostInProduct(a: number, b: number, product: number): number {
  const aBig = a * splitter - (a * splitter - a);
  const aSmall = a - aBig;
  const bBig = b * splitter - (b * splitter - b);
  const bSmall = b - bBig;
  return aSmall * bSmall - (product - aBig * bBig - aSmall * bBig - aBig * bSmall);
}

const twoTo32 = 2 ** 32;
const twoTo31 = 2 ** 31;

/**
 * Reads an integer of 64 bits from ASCII text into two words, the lower one first.
 *
 * @returns false for all that needs a closer look: more than 19 digits, numbers beyond 64 bits, and texts that are no integer.
 */
export function integerOfBytes(
  bytes: Uint8Array,
  start: number,
  end: number,
  words: Int32Array,
  at: number,
): boolean {
  const isNegative = bytes[start] === minus;
  let position = isNegative ? start + 1 : start;
  const digits = end - position;
  if (digits === 0 || digits > mostDigits) return false;
  const exactEnd = digits > exactDigits ? position + exactDigits : end;
  let value = 0;
  for (; position < exactEnd; position += 1) {
    const digit = (bytes[position] ?? 0) - zero;
    if (digit < 0 || digit > 9) return false;
    value = value * 10 + digit;
  }
  if (digits > exactDigits) return longInteger(bytes, position, end, value, isNegative, words, at);
  if (isNegative) value = -value;
  words[at] = value;
  words[at + 1] = Math.floor(value / twoTo32);
  return true;
}

/** Goes on after 15 digits, whose value is given. */
function longInteger(
  bytes: Uint8Array,
  start: number,
  end: number,
  high: number,
  isNegative: boolean,
  words: Int32Array,
  at: number,
): boolean {
  let rest = 0;
  let scale = 1;
  for (let position = start; position < end; position += 1) {
    const digit = (bytes[position] ?? 0) - zero;
    if (digit < 0 || digit > 9) return false;
    rest = rest * 10 + digit;
    scale *= 10;
  }
  // Each of these is below 2 ** 53.
  const low = (high % twoTo32) * scale + rest;
  const upper = Math.floor(high / twoTo32) * scale + Math.floor(low / twoTo32);
  if (upper >= twoTo31) return false;
  const lower = low % twoTo32;
  words[at] = isNegative ? -lower : lower;
  words[at + 1] = isNegative ? (lower === 0 ? -upper : -upper - 1) : upper;
  return true;
}
