import { Flags } from '@oclif/core';
import { expectation, type Operation, type OperationParameter } from '../api/operation.js';
import { kebabCase } from './kebabCase.js';
import { usageError } from './usageError.js';

type Flag = ReturnType<typeof Flags.string>;

/** A flag for every parameter of an operation. Values stay strings until {@link operationArguments} parses them. */
export function operationFlags({ parameters }: Operation): Record<string, Flag> {
  return Object.fromEntries(
    parameters.map(({ name, required, kind, valuesOf }) => {
      const flag = kebabCase(name);
      const definition = Flags.string({
        required,
        aliases: flag === name ? [] : [name],
        helpGroup: 'PARAMETER',
        description: `${valuesOf ?? kind}${kind === 'array' ? ', separated by commas' : ''}`,
      });
      return [flag, definition as Flag];
    }),
  );
}

/**
 * The arguments of a call: parameters under their names in the API, the body as `body`.
 *
 * @throws a usage error when a value is not of the parameter's kind, when the body is missing, or when the operation takes no body.
 */
export function operationArguments(
  operation: Operation,
  flags: Readonly<Record<string, unknown>>,
  body: unknown,
): Record<string, unknown> {
  const given = operation.parameters.flatMap((parameter) => {
    const text = flags[kebabCase(parameter.name)];
    return typeof text === 'string' ? [[parameter.name, readValue(parameter, text)] as const] : [];
  });
  const takesBody = operation.body !== '';
  if (takesBody && body === undefined) {
    throw usageError(`This operation needs a request body (${operation.body}): add --body.`);
  }
  if (!takesBody && body !== undefined) throw usageError('This operation takes no --body.');
  return { ...Object.fromEntries(given), body };
}

function readValue({ name, kind }: OperationParameter, text: string): string | string[] {
  const wanted = expectation(kind, text);
  if (wanted !== undefined) {
    throw usageError(`--${kebabCase(name)} takes ${wanted}, not ${JSON.stringify(text)}.`);
  }
  return kind === 'array' ? text.split(',') : text;
}
