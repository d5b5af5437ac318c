const special: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  '+nan': Number.NaN,
  '-nan': Number.NaN,
  inf: Infinity,
  '+inf': Infinity,
  '-inf': -Infinity,
  infinity: Infinity,
  '+infinity': Infinity,
  '-infinity': -Infinity,
};

/** A double as texts of Synapse spell it: `1.0`, `0.1`, `1e+16`, `nan`, `-inf`; reading it gives it back. */
export function formatDouble(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Object.is(value, -0)) return '-0.0';
  const [digits = '', exponentText = '0'] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  // Python's rule, so that the texts of both clients are equal: no exponent from 1e-4 to below 1e16.
  if (exponent < -4 || exponent >= 16) {
    const sign = exponent < 0 ? '-' : '+';
    return `${digits}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  const plain = exponent < 0 ? value.toFixed(decimalsOf(digits) - exponent) : String(value);
  return plain.includes('.') ? plain : `${plain}.0`;
}

function decimalsOf(digits: string): number {
  return digits.split('.')[1]?.length ?? 0;
}

// The point is not optional between two runs of digits: that would take quadratic time for a long text that is no number.
const double = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/** Reads a double in the spelling of the server, of Java or of Python; `undefined` when it is not a double. */
export function parseDouble(text: string): number | undefined {
  if (isPlain(text)) {
    const value = Number(text);
    if (!Number.isNaN(value)) return value;
  }
  const known = special[text.toLowerCase()];
  if (known !== undefined) return known;
  return double.test(text) ? Number(text) : undefined;
}

/**
 * Whether a text begins and ends as a decimal number, without a prefix as in `0x1`. If `Number` can read such a text, it is one.
 * This is much faster than the expression.
 */
function isPlain(text: string): boolean {
  const start = text.charCodeAt(0) === minus ? 1 : 0;
  const second = text.charCodeAt(start + 1);
  return (
    isDigit(text.charCodeAt(start)) &&
    isDigit(text.charCodeAt(text.length - 1)) &&
    (second === point || isDigit(second) || text.length === start + 1)
  );
}

const minus = 45;
const point = 46;

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
