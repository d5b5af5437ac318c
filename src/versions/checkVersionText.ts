import { ArgumentError } from '../errors.js';

/** Characters of a label or comment. */
const maximumLength = 256;

/** @throws {@link ArgumentError} for a label or comment that Synapse does not accept. */
export function checkVersionText(texts: {
  label?: string | null | undefined;
  comment?: string | null | undefined;
}): void {
  for (const [name, text] of Object.entries(texts)) {
    if (typeof text === 'string' && text.length > maximumLength) {
      throw new ArgumentError(
        `The ${name} of a version has ${text.length} characters, and Synapse accepts at most ${maximumLength}.`,
      );
    }
  }
}
