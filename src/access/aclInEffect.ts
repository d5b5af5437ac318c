import type * as M from '../../generated/models.js';
import type { CallOptions, Services } from '../../generated/services.js';
import type { Context } from '../context.js';
import { MalformedResponseError } from '../errors.js';
import { targetText, type TargetId, type TargetKind } from './accessTarget.js';

/** The access control list that applies to a target. */
export interface AclInEffect {
  acl: M.AccessControlList;
  /** The target, or the container that an entity inherits its permissions from. */
  holder: TargetId;
}

/** How the list of one kind of objects is read and written. */
interface AclCalls {
  read(services: Services, id: string, options: CallOptions): Promise<M.AccessControlList>;
  write(
    services: Services,
    id: string,
    body: M.AccessControlList,
    options: CallOptions,
  ): Promise<M.AccessControlList>;
}

const calls: Readonly<Record<TargetKind, AclCalls>> = {
  entity: {
    read: ({ entity }, id, options) => entity.getEntityAcl({ id }, options),
    write: ({ entity }, id, body, options) => entity.updateEntityAcl({ id, body }, options),
  },
  evaluation: {
    read: ({ evaluation }, evalId, options) => evaluation.getEvaluationAcl({ evalId }, options),
    write: ({ evaluation }, _id, body, options) =>
      evaluation.updateEvaluationAcl({ body }, options),
  },
  formGroup: {
    read: ({ form }, id, options) => form.getFormGroupAcl({ id }, options),
    write: ({ form }, id, body, options) => form.updateFormGroupAcl({ id, body }, options),
  },
  organization: {
    read: ({ jsonSchema }, id, options) => jsonSchema.getSchemaOrganizationAcl({ id }, options),
    write: ({ jsonSchema }, id, body, options) =>
      jsonSchema.updateSchemaOrganizationAcl({ id, body }, options),
  },
  team: {
    read: ({ team }, id, options) => team.getTeamAcl({ id }, options),
    write: ({ team }, _id, body, options) => team.updateTeamAcl({ body }, options),
  },
};

/** Reads the target's own list. @throws {@link NotFoundError} for an entity that inherits its permissions. */
export function readOwnAcl(
  { services }: Context,
  { kind, id }: TargetId,
  options: CallOptions,
): Promise<M.AccessControlList> {
  return calls[kind].read(services, id, options);
}

/** Replaces the target's own list. @throws {@link PreconditionFailedError} when it was changed since it was read. */
export function writeAcl(
  { services }: Context,
  { kind, id }: TargetId,
  acl: M.AccessControlList,
  options: CallOptions,
): Promise<M.AccessControlList> {
  return calls[kind].write(services, id, { ...acl, id }, options);
}

/** Reads the list that applies to a target, with one request. */
export async function aclInEffect(
  ctx: Context,
  target: TargetId,
  options: CallOptions,
): Promise<AclInEffect> {
  if (target.kind !== 'entity') {
    return { acl: await readOwnAcl(ctx, target, options), holder: target };
  }
  const body = { includeEntity: true, includeBenefactorACL: true };
  const { entityBundle } = ctx.services;
  const { benefactorAcl } = await entityBundle.getEntityBundle({ id: target.id, body }, options);
  return benefactorOf(target, benefactorAcl);
}

/** The list of a bundle, and whose list it is. */
export function benefactorOf(
  target: TargetId,
  benefactorAcl: M.AccessControlList | undefined,
): AclInEffect {
  if (benefactorAcl?.id === undefined) {
    throw new MalformedResponseError({
      operation: 'entityBundle.getEntityBundle',
      field: 'benefactorAcl.id',
      expected: `the list that applies to ${targetText(target)}`,
      actual: 'missing',
    });
  }
  return { acl: benefactorAcl, holder: { kind: 'entity', id: benefactorAcl.id } };
}
