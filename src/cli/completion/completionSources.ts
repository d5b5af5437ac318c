import type { CommandIndex } from '../commandData.js';
import type { CommandShape } from './commandShape.js';
import type { OperationData } from './operationData.js';

/** Something of Synapse that has an id and a name. The name is any text. */
export interface NamedItem {
  id: string;
  name: string;
  /** The type of an entity: `project`, `folder`, `file`. */
  type?: string | undefined;
}

/** A list that is kept: `children` of an entity, `users` by the beginning of their names. */
export type ListName =
  'projects' | 'teams' | 'evaluations' | `children-${string}` | `users-${string}`;

/** What the suggestions are made of. Nothing of it fails: what cannot be found out is empty. */
export interface CompletionSources {
  index: CommandIndex;
  command: (id: string) => CommandShape | undefined;
  operations: () => Promise<OperationData>;
  /** The names of the sections of the configuration file that hold a login. */
  profiles: () => readonly string[];
  list: (name: ListName) => Promise<readonly NamedItem[]>;
  /** The content of the projects and folders that were looked at last. */
  recent: () => Promise<readonly NamedItem[]>;
  /** The id or the name of the project that SYNAPSE_PROJECT names. */
  project?: string | undefined;
}
