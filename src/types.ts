export type * from '../generated/models.js';

/** The last part of a `concreteType`: `FileEntity`. */
type ShortName<ConcreteType> = ConcreteType extends `${string}.${infer Rest}`
  ? ShortName<Rest>
  : ConcreteType;

/**
 * Narrows a union by the short name of the `concreteType` of a value.
 *
 * A newer server can send a type that this version does not know. It matches no name and is not an error.
 *
 * @example
 * const entity = await syn.services.entity.getEntity({ id: 'syn123' });
 * if (isA(entity, 'FileEntity')) console.log(entity.dataFileHandleId);
 */
export function isA<
  T extends { concreteType?: string },
  Name extends ShortName<NonNullable<T['concreteType']>>,
>(value: T, name: Name): value is Extract<T, { concreteType?: `${string}.${Name}` }> {
  return value.concreteType?.endsWith(`.${name}`) === true;
}
