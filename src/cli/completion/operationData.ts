import { schemas } from '../../../generated/schemas.js';
import { methods, operationById, operationIds, type Operation } from '../../api/operation.js';
import { takenNames } from '../api/takenNames.js';
import { kebabCase } from '../kebabCase.js';
import { operationFlags } from '../operationCall.js';
import type { FlagShape } from './commandShape.js';
import { kindOfSegment } from './kindOfSegment.js';

/** An operation of the API, as far as completion needs it. */
export interface OperationShape {
  id: string;
  method: string;
  path: string;
}

export interface OperationData {
  methods: readonly string[];
  all: () => readonly OperationShape[];
  /** The parameters of an operation as flags; `undefined` when there is no such operation. */
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
    return {
      ...fieldFlags(operation),
      ...Object.fromEntries(
        operation.parameters.map((parameter) => flagOf(parameter, operation.path)),
      ),
    };
  },
};

/** The flags of the fields of the body. */
function fieldFlags(operation: Operation): Record<string, FlagShape> {
  const flags = Object.entries(operationFlags(operation, { schemas, taken: takenNames }));
  return Object.fromEntries(
    flags
      .filter(([, { helpGroup }]) => helpGroup === 'BODY')
      .map(([name, { type, aliases, description, options, multiple, valueKind, values }]) => [
        name,
        {
          type,
          aliases,
          description,
          ...(multiple === true && { multiple }),
          ...((options ?? values) && { options: options ?? values }),
          needsId: true,
          valueKind: valueKind ?? 'text',
        },
      ]),
  );
}

type Parameter = NonNullable<ReturnType<typeof operationById>>['parameters'][number];

function flagOf(
  { name, required, kind, valuesOf }: Parameter,
  path: string,
): readonly [string, FlagShape] {
  const options = kind === 'boolean' ? ['true', 'false'] : valuesOf && schemas[valuesOf]?.enum;
  const valueKind = kindOfSegment(path.split('/'), path.split('/').indexOf(`{${name}}`));
  const flag: FlagShape = {
    type: 'option',
    aliases: [name],
    description: `${valuesOf ?? kind}${required ? ', required' : ''}`,
    needsId: true,
    valueKind: valueKind ?? 'text',
    ...(options && { options }),
  };
  return [kebabCase(name), flag];
}
