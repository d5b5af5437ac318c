import { ServiceError } from './serviceError.js';

/** The formats that an answer can be given in. */
export type Format = 'json' | 'text';

interface Range {
  readonly type: string;
  readonly subtype: string;
  readonly quality: number;
}

const everything: readonly Range[] = [{ type: '*', subtype: '*', quality: 1 }];

/**
 * The format that a request accepts, by its `Accept` header.
 *
 * @throws 406 when the header cannot be read, or names no format that there is
 */
export function acceptedFormat(header: string | undefined): Format {
  const format = formatOf(readAccept(header));
  if (format === undefined) {
    throw notAcceptable('Could not find acceptable representation');
  }
  return format;
}

/** The format of an error, which is JSON when the request accepts nothing that there is. */
export function acceptedErrorFormat(header: string | undefined): Format {
  try {
    return acceptedFormat(header);
  } catch {
    return 'json';
  }
}

/** Concrete types win over ranges, then the quality decides, then the order. */
function formatOf(ranges: readonly Range[]): Format | undefined {
  return [...ranges]
    .sort((a, b) => wildcards(a) - wildcards(b) || b.quality - a.quality)
    .map(formatOfRange)
    .find((format) => format !== undefined);
}

function wildcards({ type, subtype }: Range): number {
  return Number(type === '*') + Number(subtype === '*');
}

function formatOfRange({ type, subtype }: Range): Format | undefined {
  if (type === '*') {
    return 'json';
  }
  if (type === 'application') {
    return subtype === '*' || subtype === 'json' || subtype.endsWith('+json') ? 'json' : undefined;
  }
  return type === 'text' && (subtype === '*' || subtype === 'plain') ? 'text' : undefined;
}

function readAccept(header: string | undefined): readonly Range[] {
  const parts = (header ?? '').split(',').filter((part) => part.trim() !== '');
  return parts.length === 0 ? everything : parts.map((part) => readRange(part, header ?? ''));
}

function readRange(part: string, header: string): Range {
  const [name = '', ...parameters] = part.split(';').map((one) => one.trim());
  const full = name === '*' ? '*/*' : name;
  const slash = full.indexOf('/');
  const type = full.slice(0, slash).toLowerCase();
  const subtype = full.slice(slash + 1).toLowerCase();
  const problem =
    slash === -1
      ? "does not contain '/'"
      : subtype === ''
        ? "does not contain subtype after '/'"
        : type === '*' && subtype !== '*'
          ? "wildcard type is legal only in '*/*' (all mime types)"
          : undefined;
  if (problem !== undefined) {
    const [shown, whole] = [name.slice(0, 100), header.slice(0, 200)];
    throw notAcceptable(
      `Could not parse 'Accept' header [${whole}]: Invalid mime type "${shown}": ${problem}`,
    );
  }
  const quality = parameters.find((one) => /^q=/i.test(one));
  return { type, subtype, quality: quality === undefined ? 1 : Number(quality.slice(2)) || 0 };
}

function notAcceptable(reason: string): ServiceError {
  return new ServiceError(406, reason);
}
