import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { callOptions, type VersionOptions } from '../options.js';
import { currentOf, versionOf, type EntityRef, type EntityVersion } from '../values/ids.js';
import {
  fromWireAnnotations,
  mergeAnnotations,
  toWireAnnotations,
  type AnnotationOptions,
  type Annotations,
  type AnnotationsInput,
} from './annotationValues.js';

/** Options of {@link setAnnotations}. */
export interface SetAnnotationsOptions extends AnnotationOptions, CallOptions {
  /** Whether to remove all other annotations. @default false */
  replace?: boolean;
}

/**
 * Reads the annotations of an entity.
 *
 * @returns Each key with a list of values of one type.
 * @throws {@link NotFoundError} when the entity does not exist.
 * @see https://rest-docs.synapse.org/rest/GET/entity/id/annotations2.html
 */
export async function getAnnotations(
  ctx: Context,
  entity: EntityRef,
  { version, ...options }: VersionOptions = {},
): Promise<Annotations> {
  return fromWireAnnotations(await readAnnotations(ctx, versionOf(entity, version), options));
}

/**
 * Sets annotations of an entity and keeps the others. Nothing is sent when nothing changes.
 *
 * @returns All annotations of the entity.
 * @throws {@link ArgumentError} for a value that an annotation cannot have, and for an id with a version.
 * @throws {@link PreconditionFailedError} when another client changes the entity at the same time.
 * @see https://rest-docs.synapse.org/rest/PUT/entity/id/annotations2.html
 */
export async function setAnnotations(
  ctx: Context,
  entity: EntityRef,
  annotations: AnnotationsInput,
  options: SetAnnotationsOptions = {},
): Promise<Annotations> {
  const id = currentOf(entity, 'annotations are set on the current version');
  // Checks the values before any request is sent.
  toWireAnnotations(annotations, options);
  const current = await readAnnotations(ctx, { id }, options);
  const merged = mergeAnnotations(current.annotations ?? {}, annotations, options);
  if (merged === undefined) return fromWireAnnotations(current);
  const body = { ...current, id, annotations: merged };
  return fromWireAnnotations(
    await ctx.services.entity.updateEntityAnnotations({ id, body }, callOptions(options)),
  );
}

/** The annotations of an entity in the form of the API. */
export function readAnnotations(
  ctx: Context,
  { id, version }: EntityVersion,
  options: CallOptions,
): Promise<M.Annotations> {
  const call = callOptions(options);
  return version === undefined
    ? ctx.services.entity.getEntityAnnotations({ id }, call)
    : ctx.services.entity.getEntityVersionAnnotations({ id, versionNumber: version }, call);
}
