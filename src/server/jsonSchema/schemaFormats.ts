import { schemaPattern } from './schemaPattern.js';

const datePattern = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;
const timePattern =
  /^(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/i;

/** The string formats that are validated; all others are ignored. */
export const schemaFormats: Readonly<Record<string, (text: string) => boolean>> = {
  date: isDate,
  time: (text) => timePattern.test(text),
  'date-time': (text) => {
    const [date = '', time = '', ...rest] = text.split(/[Tt]/);
    return rest.length === 0 && isDate(date) && timePattern.test(time);
  },
  email: (text) => /^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)*$/.test(text),
  hostname: (text) =>
    text.length <= 253 &&
    text.split('.').every((part) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i.test(part)),
  ipv4: (text) =>
    /^\d{1,3}(?:\.\d{1,3}){3}$/.test(text) && text.split('.').every((part) => Number(part) <= 255),
  uri: (text) => /^[a-z][a-z0-9+.-]*:/i.test(text) && URL.canParse(text),
  'uri-reference': (text) => URL.canParse(text, 'http://example.org/'),
  regex: (text) => {
    try {
      schemaPattern(text);
      return true;
    } catch {
      return false;
    }
  },
};

const times =
  "[yyyy-MM-dd'T'HH:mm:ssZ, yyyy-MM-dd'T'HH:mm:ss.[0-9]{1,9}Z, " +
  "yyyy-MM-dd'T'HH:mm:ss[+-]HH:mm, yyyy-MM-dd'T'HH:mm:ss.[0-9]{1,9}[+-]HH:mm]";

/** The names of the formats in messages of the service. */
const formatNames: Readonly<Record<string, string>> = {
  date: 'date. Expected [yyyy-MM-dd]',
  'date-time': `date-time. Expected ${times}`,
  email: 'email address',
  ipv4: 'ipv4 address',
  regex: 'regular expression',
  uri: 'URI',
  'uri-reference': 'URI reference',
};

/** The message of the service for a string that does not have the format. */
export function brokenFormat(format: string, text: string): string | undefined {
  return schemaFormats[format]?.(text) === false
    ? `[${text}] is not a valid ${formatNames[format] ?? format}`
    : undefined;
}

function isDate(text: string): boolean {
  const time = datePattern.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  // `Date` would roll a day after the end of its month over to the next month.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
