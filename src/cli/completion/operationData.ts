import { schemas } from '../../../generated/schemas.js';
import { methods, operationById, operationIds } from '../../api/operation.js';
import { takenNames } from '../api/takenNames.js';
import { operationFlags, type CallFlag } from '../operationCall.js';
import type { FlagShape } from './commandShape.js';

/** An operation of the API, as far as completion needs it. */
export interface OperationShape {
  id: string;
  method: string;
  path: string;
}

export interface OperationData {
  methods: readonly string[];
  all: () => readonly OperationShape[];
  /** The parameters of an operation and the fields of its body as flags; `undefined` when there is no such operation. */
  flags: (id: string) => Record<string, FlagShape> | undefined;
}

/** The description of the operations of the API. It is large, and only completion of `synapse api` loads it. */
export const operationData: OperationData = {
  methods,
  all: () =>
    operationIds().flatMap((id) => {
      const operation = operationById(id);
      return operation === undefined
        ? []
        : [{ id, method: operation.method, path: operation.path }];
    }),
  flags: (id) => {
    const operation = operationById(id);
    if (operation === undefined) return undefined;
    const flags = Object.entries(operationFlags(operation, { schemas, taken: takenNames }));
    return Object.fromEntries(flags.map(([name, flag]) => [name, shapeOf(flag)]));
  },
};

function shapeOf(flag: CallFlag): FlagShape {
  const { type, aliases, description, options, multiple, allowNo, valueKind, values } = flag;
  const known = options ?? values;
  return {
    ...{ type, aliases, description, needsId: true, valueKind: valueKind ?? 'text' },
    ...(multiple === true && { multiple }),
    ...(allowNo === true && { allowNo }),
    ...(known !== undefined && { options: known }),
  };
}
