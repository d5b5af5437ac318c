import { strip } from './whitespace.js';

interface Parameter {
  name: string;
  value: string;
}

/**
 * The file name that a `Content-Disposition` header suggests (RFC 6266; the encoded form goes first).
 *
 * @returns `undefined` when it suggests none. What it does suggest is not safe to use as a path.
 */
export function fileNameOfDisposition(header: string | null | undefined): string | undefined {
  const parameters = parametersOf(header ?? '');
  const encoded = parameters
    .flatMap(({ name, value }) => {
      const [, number] = /^filename\*(\d*)\*?$/.exec(name) ?? [];
      return number === undefined
        ? []
        : [{ number: Number(number), isRaw: !name.endsWith('*'), value }];
    })
    .sort((one, other) => one.number - other.number);
  const plain = parameters.find(({ name }) => name === 'filename');
  if (encoded.length === 0) return plain && strip(plain.value);
  if (encoded.every(({ isRaw }) => isRaw)) return strip(encoded.map(({ value }) => value).join(''));
  return strip(
    decode(encoded.map(({ isRaw, value }) => (isRaw ? value : percentDecoded(value))).join('')),
  );
}

/** The members between semicolons; one in quotation marks separates nothing. */
function parametersOf(header: string): Parameter[] {
  const members = header.match(/(?:"(?:[^"\\]|\\.)*"|[^;])+/g) ?? [];
  return members.map((member) => {
    const [name = '', ...rest] = member.split('=');
    return { name: strip(name).toLowerCase(), value: unquoted(strip(rest.join('='))) };
  });
}

function unquoted(text: string): string {
  if (text.length < 2 || !text.startsWith('"') || !text.endsWith('"')) return text;
  return text.slice(1, -1).replace(/\\([\\"])/g, '$1');
}

/** One character a byte. */
function percentDecoded(text: string): string {
  return text.replace(/%([\da-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** `charset'language'bytes`, of which the first two may be absent. */
function decode(text: string): string {
  const [, charset = '', bytes = text] = /^([^']*)'[^']*'(.*)$/s.exec(text) ?? [];
  const isBytes = !/[^\0-\xff]/.test(bytes);
  try {
    return isBytes
      ? new TextDecoder(charset || 'utf-8').decode(Buffer.from(bytes, 'latin1'))
      : bytes;
  } catch {
    // A character set that nobody knows.
    return bytes;
  }
}
