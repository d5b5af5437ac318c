/** A provenance graph: entities, the activities that generated them, and what the activities used. It is plain JSON. */
export interface ProvenanceGraph {
  /** The key of the node that the graph was read for. */
  root: string;
  nodes: ProvenanceNode[];
  edges: ProvenanceEdge[];
}

export type ProvenanceNode = EntityNode | ActivityNode | UrlNode | UserNode | OtherNode;

interface Node {
  /** Names the node within the graph. */
  key: string;
}

/** A version of an entity. Versions of one entity are different nodes. */
export interface EntityNode extends Node {
  kind: 'entity';
  id: string;
  /** Absent when Synapse does not tell the version. */
  version?: number;
  /** Absent unless the caller may read the entity. */
  name?: string;
  /** The concrete type. Absent unless the caller may read the entity. */
  type?: string;
  /**
   * - `read`: its activity was looked up, and is in the graph if there is one.
   * - `notRead`: its activity was not looked up, because of `depth` or `maxEntities`.
   * - `missing`: the entity or the version does not exist, or is in the trash can.
   * - `forbidden`: the caller may not read it.
   */
  state: 'read' | 'notRead' | 'missing' | 'forbidden';
}

/** What made entities. */
export interface ActivityNode extends Node {
  kind: 'activity';
  id: string;
  name?: string;
  description?: string;
  createdOn?: string;
  modifiedOn?: string;
}

/** An address outside of Synapse that an activity used. */
export interface UrlNode extends Node {
  kind: 'url';
  url: string;
  name?: string;
}

/** A user or team of Synapse. */
export interface UserNode extends Node {
  kind: 'user';
  id: string;
  /** The user name; the id when Synapse does not tell the name. */
  name: string;
}

/** Something that an activity used, of a kind that this version of the package does not know. */
export interface OtherNode extends Node {
  kind: 'other';
  /** The concrete type of the used item. */
  type: string;
}

/**
 * A connection of two nodes, in the direction of the data.
 *
 * - `used`, `executed`: from an entity or URL to the activity that used or executed it.
 * - `generated`: from an activity to an entity.
 * - `performed`: from a user to an activity.
 */
export interface ProvenanceEdge {
  kind: 'used' | 'executed' | 'generated' | 'performed';
  /** The key of a node. */
  from: string;
  /** The key of a node. */
  to: string;
}
