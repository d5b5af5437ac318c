import { usageError } from '../usageError.js';

/** The headers that `--header` gives: `Name: value`. */
export function readHeaders(given: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(
    given.map((text) => {
      const colon = text.indexOf(':');
      if (colon < 1) throw usageError(`--header takes NAME:VALUE, such as Accept-Language: en.`);
      return [text.slice(0, colon).trim(), text.slice(colon + 1).trim()];
    }),
  );
}
