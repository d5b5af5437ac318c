import { Args } from '@oclif/core';
import type { AccessTarget } from '../index.js';
import { usageError } from './usageError.js';
import { ofKind } from './valueKind.js';

/** What a command about access is about. {@link readTarget} reads it. */
export const accessTargetArg = ofKind(
  'entity',
  Args.string({
    description:
      'Synapse id, such as syn123; or evaluation:123, team:123, organization:123, form-group:123.',
    required: true,
  }),
);

const kinds: Readonly<Record<string, (id: string) => AccessTarget>> = {
  evaluation: (id) => ({ evaluation: id }),
  team: (id) => ({ team: id }),
  organization: (id) => ({ organization: id }),
  'form-group': (id) => ({ formGroup: id }),
};

/** Reads what {@link accessTargetArg} names. @throws a usage error for an unknown kind of objects */
export function readTarget(text: string): AccessTarget {
  const end = text.indexOf(':');
  if (end < 0) return text;
  const kind = text.slice(0, end).toLowerCase();
  const make = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  if (make !== undefined) return make(text.slice(end + 1));
  throw usageError(
    `${JSON.stringify(kind)} has no sharing settings: use ${Object.keys(kinds).join(', ')}, or a Synapse id.`,
  );
}
