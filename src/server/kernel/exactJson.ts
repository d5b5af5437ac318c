import { parse, stringify } from 'lossless-json';

import { Reply } from './reply.js';

/** A number with its digits as they are in JSON: `1.0` is not `1`, and no digit of a LONG is lost. */
export { LosslessNumber as ExactNumber, isLosslessNumber as isExactNumber } from 'lossless-json';

/** Parses JSON whose numbers stay {@link ExactNumber}. @throws SyntaxError when it is not JSON */
export function parseExactJson(text: string): unknown {
  try {
    return parse(text, undefined, { onDuplicateKey: ({ newValue }) => newValue });
  } catch (error) {
    if (error instanceof RangeError) {
      throw new SyntaxError('it is nested too deeply');
    }
    throw error;
  }
}

/** Writes JSON; an {@link ExactNumber} keeps its digits. */
export function stringifyExact(value: unknown): string {
  return stringify(value) ?? 'null';
}

/** A reply with JSON that holds an {@link ExactNumber}. */
export function exactReply(value: unknown): Reply {
  return new Reply({
    headers: { 'content-type': 'application/json; charset=UTF-8' },
    body: Buffer.from(stringifyExact(value)),
  });
}
