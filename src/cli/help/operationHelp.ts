import { operationById } from '../../api/operation.js';
import type { CommandData } from '../commandData.js';
import { operationFlags } from '../operationCall.js';

/** The help of `synapse api` for one operation, whose parameters are flags. `undefined` for an unknown operation. */
export function operationHelp(name: string, command: CommandData): CommandData | undefined {
  const operation = operationById(name);
  if (!operation) return undefined;
  const { method, path, body, response } = operation;
  const parameters = Object.entries(operationFlags(operation)).map(
    ([flag, { description, required, helpGroup }]) =>
      [flag, { type: 'option', description, required, helpGroup }] as const,
  );
  return {
    ...command,
    id: `api ${name}`,
    summary: `${method} ${path}`,
    description: `Request body: ${body || 'none'}\nAnswer: ${response || 'none'}`,
    examples: [],
    args: {},
    flags: { ...command.flags, ...Object.fromEntries(parameters) },
  };
}
