/** What the value of an argument or a flag is. Completion suggests values of the kind. */
export type ValueKind =
  | 'entity'
  /** A project or folder. */
  | 'container'
  | 'file'
  | 'directory'
  | 'profile'
  | 'operation'
  | 'team'
  | 'user'
  | 'evaluation';

/** Marks the definition of an argument or a flag with the kind of its value. */
export function ofKind<T extends object>(kind: ValueKind, definition: T): T {
  return Object.assign(definition, { valueKind: kind });
}

/** The kind that {@link ofKind} has set. */
export function kindOf(definition: object): ValueKind | undefined {
  return (definition as { valueKind?: ValueKind }).valueKind;
}
