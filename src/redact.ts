/** Query parameters with secret values: presigned URLs of S3, Google and Azure, tokens, keys. */
const secretParameter =
  /^(x-(amz|goog|ms)-|aws|google|sig$|s[pvret]$|s(ig|e)nature|signature|policy|expires|key-pair-id|.*(token|secret|password|credential|passcode|api_?key|signature)|code$)/i;

/** Page tokens are named like access tokens but are not secret. */
const harmlessParameter = /^nextPageToken$/i;

/** Removes the user, the password and the secrets in the query from a URL. */
export function redactUrl(url: string): string {
  const [beforeHash = ''] = url.split('#', 1);
  const mark = beforeHash.indexOf('?');
  const base = (mark < 0 ? beforeHash : beforeHash.slice(0, mark)).replace(
    /^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i,
    '$1',
  );
  if (mark < 0) return base;
  const kept = beforeHash
    .slice(mark + 1)
    .split('&')
    .filter((pair) => {
      if (pair === '') return false;
      const name = decoded(pair.split('=', 1)[0] ?? '');
      return name !== '' && (harmlessParameter.test(name) || !secretParameter.test(name));
    });
  return kept.length === 0 ? base : `${base}?${kept.join('&')}`;
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

interface Shape {
  /** Runs in linear time. */
  pattern: RegExp;
  replace: string | ((match: string, ...groups: (string | undefined)[]) => string);
}

/**
 * The beginning of a word. The digits of a percent escape (`%3D`) are no part of the word that follows, because
 * percent-encoded URLs have secrets too.
 */
const wordStart = String.raw`(?<!%|%[\da-f]|(?<!%[\da-f])[\w.-])`;

/** The names of secrets. All but the last two may be the end of a longer name, such as `db_password`. */
const secretName = [
  String.raw`(?!next_?page_?token)[\w.-]*(?:token|secret(?:[_-]?key)?|password|passwd|passphrase|passcode|signature(?:provided)?|credential`,
  String.raw`authorization|api[_-]?key|access[_-]?key(?:[_-]?id)?|googleaccessid|cookie|private[_-]?key)|pwd|sig`,
].join('|');

/** What stands between a name and its value: `=`, `: `, `%3D`, `": "`, `\":\"`, or the end of an XML tag. */
const separator = String.raw`(?:\\{0,3}["']?\s{0,20}(?:[=:]|%(?:25){0,2}3[ad])\s{0,20}|>)`;

/**
 * The value up to its closing quote, or else up to a character that does not occur in secrets. After a colon, a word
 * that another word follows is prose: `Invalid password: must have 8 characters`.
 */
const value = [
  String.raw`(?:(?:bearer|basic|digest|negotiate|token)(?:\s|%20){1,20})?(?:\\{1,3}"[^"\\]*|"(?:[^"\\]|\\.)*|'[^']*`,
  String.raw`(?!(?<=:\s)[a-z]{1,20}\s[a-z])(?:(?!%26)[^\s"'\\&,;<>(){}[\]])+)`,
].join('|');

/** The scheme that begins the value of an `Authorization` header stays. */
const scheme = /^(?:\\*["'])?(?:bearer|basic|digest|negotiate|token)(?:\s|%20){1,20}/i;

/** Secrets by their shape, whatever surrounds them. */
const shapes: readonly Shape[] = [
  // Any scheme, with the `:` and `//` percent-encoded or not. The scheme is bounded, to be found in linear time.
  { pattern: /\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s"'<>]+/gi, replace: redactUrl },
  { pattern: /\/\/[^\s/?#:@"'<>]*:[^\s/?#@"'<>]*@/g, replace: '//' },
  { pattern: /%2f%2f(?:(?!%2f|%40|%3f|%23)[^\s/@"'<>])*%40/gi, replace: '%2F%2F' },
  { pattern: /(?<![\w.-])[\w.-]+(?:\r?\n[\w.-]+)*/g, replace: redactJwt },
  { pattern: /(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{12,}/g, replace: '***' },
  { pattern: /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]*/g, replace: '***' },
  {
    pattern:
      /\b(Bearer(?:\s|%20|\+){1,20})(?!(?:access|auth\w*|credentials?|error|header|is|realm|scheme|tokens?|was)(?!\.?[\w~+/-]))[\w~+/.=%-]+/gi,
    replace: '$1***',
  },
  { pattern: /\b(Basic(?:\s|%20|\+){1,20})([\w+/=-]+)/gi, replace: redactBasic },
  {
    pattern: new RegExp(`(${wordStart}(?:${secretName})${separator})(${value})`, 'gi'),
    replace: redactValue,
  },
];

/** Removes secrets from free text: tokens, passwords, keys, and the signatures of URLs, also where they are encoded. */
export function redactText(text: string): string {
  return shapes.reduce(
    (redacted, { pattern, replace }) =>
      // `replace` has one overload for each kind of replacement.
      typeof replace === 'string'
        ? redacted.replace(pattern, replace)
        : redacted.replace(pattern, replace),
    text,
  );
}

/** Masks JSON Web Tokens among texts with dots: two or three parts in base64url, of which the first begins with `{"`. */
function redactJwt(dotted: string): string {
  if (!dotted.includes('eyJ')) return dotted;
  const parts = dotted.split('.');
  const shown: string[] = [];
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index] ?? '';
    const start = part.indexOf('eyJ');
    const next = parts[index + 1] ?? '';
    const isToken =
      start >= 0 && part.length - start >= 8 && next !== '' && parts.length > index + 1;
    if (!isToken || (parts[index + 2] === undefined && !next.startsWith('eyJ'))) {
      shown.push(part);
      continue;
    }
    // A line break in the signature is the end of the token.
    const [, ...after] = (parts[index + 2] ?? '').split('\n');
    shown.push(`${part.slice(0, start)}***${after.map((line) => `\n${line}`).join('')}`);
    index += 2;
  }
  return shown.join('.');
}

/** Masks credentials of basic authentication: base64 of a text with a colon. Other words stay. */
function redactBasic(match: string, before = '', credentials = ''): string {
  return /^[\x20-\x7e]*:/.test(fromBase64(credentials)) ? `${before}***` : match;
}

function fromBase64(text: string): string {
  const digits = text.replaceAll('-', '+').replaceAll('_', '/').replaceAll('=', '');
  // A single digit at the end is less than a byte, and an error for atob.
  return atob(digits.length % 4 === 1 ? digits.slice(0, -1) : digits);
}

/** Masks the value after a name. A quote that begins the value stays. */
function redactValue(match: string, before = '', secret = ''): string {
  const kept = scheme.exec(secret)?.[0] ?? /^\\*["']?/.exec(secret)?.[0] ?? '';
  return `${before}${kept}***`;
}

/** Also recognizes errors of another realm, which are not an instance of this one's `Error`. */
function isError(value: unknown): value is Error {
  return Object.prototype.toString.call(value) === '[object Error]';
}

/** Causes of causes that are looked at. */
const deepestCause = 10;

/** The cause of an error without secrets: the same object if it has none, else a copy. */
export function redactCause(cause: Error, depth?: number): Error;
export function redactCause(cause: unknown, depth?: number): unknown;
export function redactCause(cause: unknown, depth = 0): unknown {
  if (typeof cause === 'string') return redactText(cause);
  if (!isError(cause) || depth > deepestCause) return cause;
  const inner = redactCause(cause.cause, depth + 1);
  const redacted: PropertyDescriptorMap = {};
  for (const name of Object.getOwnPropertyNames(cause)) {
    const shown: unknown = Reflect.get(cause, name);
    const text = typeof shown === 'string' ? redactText(shown) : shown;
    const isChanged = text !== shown || (name === 'cause' && inner !== cause.cause);
    if (isChanged) redacted[name] = { value: name === 'cause' ? inner : text };
  }
  if (Object.keys(redacted).length === 0) return cause;
  // An error again, so that it is printed like the original.
  const copy = new Error(cause.message);
  Object.setPrototypeOf(copy, Object.getPrototypeOf(cause) as object);
  Object.defineProperties(copy, Object.getOwnPropertyDescriptors(cause));
  return Object.defineProperties(copy, redacted);
}
