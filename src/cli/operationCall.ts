import { Flags } from '@oclif/core';
import type { OperationRow } from '../../generated/operations.js';
import { parametersOf, parameterValue } from './operationFlags.js';
import { usageError } from './usageError.js';

type Flag = ReturnType<typeof Flags.string>;

/** A flag for every parameter of an operation. Their values stay text until {@link operationArguments}. */
export function operationFlags(row: OperationRow): Record<string, Flag> {
  return Object.fromEntries(
    parametersOf(row).map(({ flag, name, required, kind, valuesOf }) => [
      flag,
      Flags.string({
        required,
        aliases: flag === name ? [] : [name],
        helpGroup: 'PARAMETER',
        description: `${valuesOf ?? kind}${kind === 'array' ? ', separated by commas' : ''}`,
      }) as Flag,
    ]),
  );
}

/**
 * The arguments of a call: parameters under their names in the API, the body as `body`.
 *
 * @throws a usage error when a value is not of the parameter's kind, or a body is missing or not taken.
 */
export function operationArguments(
  row: OperationRow,
  flags: Readonly<Record<string, unknown>>,
  body: unknown,
): Record<string, unknown> {
  const given = parametersOf(row).flatMap((parameter) => {
    const text = flags[parameter.flag];
    if (typeof text !== 'string') return [];
    const value = parameterValue(parameter, text);
    if (value === undefined) {
      throw usageError(
        `--${parameter.flag} takes a ${parameter.kind}, not ${JSON.stringify(text)}.`,
      );
    }
    return [[parameter.name, value] as const];
  });
  const takesBody = row[3] !== '';
  if (takesBody && body === undefined) {
    throw usageError(`This operation needs a request body (${row[3]}): add --body.`);
  }
  if (!takesBody && body !== undefined) throw usageError('This operation takes no --body.');
  return { ...Object.fromEntries(given), ...(takesBody && { body }) };
}
