import { Flags } from '@oclif/core';
import type { CallFlag } from '../operationCall.js';

type OclifFlag = ReturnType<typeof Flags.string> | ReturnType<typeof Flags.boolean>;

/** The flags of an operation, for the parser. */
export function oclifFlags(flags: Readonly<Record<string, CallFlag>>): Record<string, OclifFlag> {
  return Object.fromEntries(Object.entries(flags).map(([name, flag]) => [name, oclifFlag(flag)]));
}

function oclifFlag({ type, multiple, allowNo, options, ...definition }: CallFlag): OclifFlag {
  if (type === 'boolean') return Flags.boolean({ ...definition, allowNo: allowNo ?? false });
  const values = options === undefined ? {} : { options };
  const flag = multiple
    ? Flags.string({ ...definition, ...values, multiple: true })
    : Flags.string({ ...definition, ...values });
  return flag as OclifFlag;
}
