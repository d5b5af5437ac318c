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

/** Where `-` stands for standard input: anywhere among the values, or only as the first one. */
export type StdinPlace = 'any' | 'first';

/** Marks the definition of a multiple argument or flag: `-` stands for ids, or for paths of local files, on standard input. */
export function fromStdin<T extends object>(definition: T, place: StdinPlace = 'any'): T {
  return Object.assign(definition, { stdinPlace: place });
}

/** Where the definition of an argument or a flag takes `-`, if {@link fromStdin} has marked it. */
export function stdinPlaceOf(definition: object): StdinPlace | undefined {
  return (definition as { stdinPlace?: StdinPlace }).stdinPlace;
}

/** Whether a word of a command line is a path of an entity, or stands for standard input. */
export function mayBeReplaced(word: string): boolean {
  return /(?:^|=)-$|syn:\/\//i.test(word);
}
