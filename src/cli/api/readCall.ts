import type { Operation } from '../../api/operation.js';
import { operationArguments } from '../operationCall.js';
import { usageError } from '../usageError.js';
import { callBody, type BodySources, type FieldWord } from './callBody.js';
import { readFieldValue } from './fieldPath.js';
import type { PathMatch } from './matchPath.js';

/** A call, as the command line describes it. */
export interface Call {
  /** `entity.getEntity`, or `GET /repo/v1/...` for an endpoint that is not described. */
  name: string;
  operation: Operation | undefined;
  args: Record<string, unknown>;
}

/** Reads the call of an operation, or of the endpoint at a path. */
export async function readCall(
  target: Operation | PathMatch,
  sources: Omit<BodySources, 'operation'>,
): Promise<Call> {
  const match = 'args' in target ? target : undefined;
  const operation = 'args' in target ? target.operation : target;
  if (operation !== undefined) {
    const body = await callBody({ ...sources, operation });
    const args = { ...match?.args, ...operationArguments(operation, sources.flags) };
    return { name: operation.id, operation, args: body === undefined ? args : { ...args, body } };
  }
  const { method = 'GET', path = '' } = match ?? {};
  const name = `${method} ${path}`;
  // They have no body: the fields become the query.
  if (method === 'GET' || method === 'DELETE') {
    if (sources.body !== undefined) throw usageError(`${method} takes no request body.`);
    return { name, operation, args: queryOf(sources.fields) };
  }
  const body = await callBody({ ...sources, operation });
  return { name, operation, args: body === undefined ? {} : { body } };
}

function queryOf(fields: readonly FieldWord[]): Record<string, string> {
  return Object.fromEntries(
    fields.map(({ flag, text }) => {
      const { path, steps, value } = readFieldValue(`--${flag}`, text);
      const [step, ...others] = steps;
      if (typeof step !== 'object' || others.length > 0) {
        throw usageError(
          `--${flag} ${path}: a parameter of the query has a name without . and [].`,
        );
      }
      return [step.name, value];
    }),
  );
}
