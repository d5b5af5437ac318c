/** Digits and decimal exponent of a finite number: `0.d1d2d3... * 10^exponent`. */
function decimalParts(value: number): { digits: string; exponent: number } {
  const [mantissa = '0', power = '0'] = Math.abs(value).toExponential().split('e');
  return { digits: mantissa.replace('.', ''), exponent: Number(power) + 1 };
}

/**
 * Formats a double as Java does, which is how the service shows computed values: with at least one
 * digit after the point, and `1.0E10` when large.
 */
export function javaDouble(value: number): string {
  if (Number.isNaN(value)) {
    return 'NaN';
  }
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const size = Math.abs(value);
  if (size === Infinity) {
    return `${sign}Infinity`;
  }
  if (size === 0) {
    return `${sign}0.0`;
  }
  const { digits, exponent } = decimalParts(size);
  if (size >= 1e-3 && size < 1e7) {
    return sign + plainDigits(digits, exponent, true);
  }
  return `${sign}${digits[0] ?? '0'}.${digits.slice(1) || '0'}E${exponent - 1}`;
}

/**
 * A double as MySQL writes it into text: `1`, `0.5`, `1e20`. In place of an infinity the service
 * stores the largest double.
 */
export function mysqlDouble(value: number): string {
  if (value === 0) {
    return '0';
  }
  const sign = value < 0 ? '-' : '';
  const { digits, exponent } = decimalParts(Math.min(Math.abs(value), Number.MAX_VALUE));
  if (exponent > 15 || exponent < -14) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
    return `${sign}${digits[0] ?? '0'}${fraction}e${exponent - 1}`;
  }
  return sign + plainDigits(digits, exponent, false);
}

function plainDigits(digits: string, exponent: number, pointed: boolean): string {
  if (exponent <= 0) {
    return `0.${'0'.repeat(-exponent)}${digits}`;
  }
  if (digits.length > exponent) {
    return `${digits.slice(0, exponent)}.${digits.slice(exponent)}`;
  }
  return digits + '0'.repeat(exponent - digits.length) + (pointed ? '.0' : '');
}

/**
 * Reads a 64-bit integer as Java does: an optional sign and digits. `undefined` when it is not
 * valid.
 */
export function parseLong(text: string): bigint | undefined {
  if (!/^[+-]?\d{1,30}$/.test(text)) {
    return undefined;
  }
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text);
  return BigInt.asIntN(64, value) === value ? value : undefined;
}

/** Reads a double as the service does: as Java, and `nan`, `inf` and the like in any case. */
export function parseDouble(text: string): number | undefined {
  const trimmed = text.trim();
  const special = /^([+-]?)(nan|inf|infinity|\u221e)$/i.exec(trimmed);
  if (special !== null) {
    const value = special[2]?.toLowerCase() === 'nan' ? NaN : Infinity;
    return special[1] === '-' ? -value : value;
  }
  // Java also takes a type suffix: 1.5f, 2d.
  if (!/^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?[fFdD]?$/.test(trimmed)) {
    return undefined;
  }
  return Number(trimmed.replace(/[fFdD]$/, ''));
}
