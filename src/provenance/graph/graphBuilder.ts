import type * as M from '../../../generated/models.js';
import type { EntityVersion } from '../../values/ids.js';
import type {
  ActivityNode,
  EntityNode,
  OtherNode,
  ProvenanceEdge,
  ProvenanceGraph,
  ProvenanceNode,
  UrlNode,
} from './provenanceGraph.js';

const urlType = 'org.sagebionetworks.repo.model.provenance.UsedURL';

/** Puts entities and activities together, each once, as they are read. */
export class GraphBuilder {
  readonly #root: EntityVersion;
  readonly #nodes = new Map<string, ProvenanceNode>();
  readonly #edges = new Map<string, ProvenanceEdge>();
  /** The key of the node of each entity that was asked for: `syn1` is the same as `syn1.2` when 2 is its version now. */
  readonly #resolved = new Map<string, string>();
  /** Entities to look up next. */
  #wanted = new Map<string, EntityVersion>();

  constructor(root: EntityVersion) {
    this.#root = root;
  }

  /** Adds an entity. @returns whether it is new: the version may be known already */
  resolve(wanted: EntityVersion, header: M.EntityHeader | undefined): boolean {
    const { id } = wanted;
    const version = header?.versionNumber ?? wanted.version;
    const key = keyOf({ id, version });
    this.#resolved.set(keyOf(wanted), key);
    if (this.#nodes.has(key)) return false;
    const { name, type } = header ?? {};
    const node: EntityNode = { kind: 'entity', key, id, state: 'notRead' };
    if (version !== undefined) node.version = version;
    if (name !== undefined) node.name = name;
    if (type !== undefined) node.type = type;
    this.#nodes.set(key, node);
    return true;
  }

  /** Adds what made an entity. */
  addActivity(
    wanted: EntityVersion,
    state: EntityNode['state'],
    activity: M.Activity | undefined,
  ): void {
    const entityKey = this.#resolved.get(keyOf(wanted)) ?? keyOf(wanted);
    const node = this.#nodes.get(entityKey);
    if (node?.kind === 'entity') node.state = state;
    if (activity?.id === undefined) return;
    const key = `activity:${activity.id}`;
    this.#addEdge({ kind: 'generated', from: key, to: entityKey });
    // An activity can have made several entities.
    if (this.#nodes.has(key)) return;
    this.#nodes.set(key, activityNode(key, activity.id, activity));
    if (activity.createdBy !== undefined) {
      const { createdBy } = activity;
      const user = `user:${createdBy}`;
      this.#nodes.set(user, { kind: 'user', key: user, id: createdBy, name: createdBy });
      this.#addEdge({ kind: 'performed', from: user, to: key });
    }
    for (const used of activity.used ?? []) this.#addUsed(key, used);
  }

  /** The entities that activities used and that are not known yet. */
  takeWanted(): EntityVersion[] {
    const wanted = [...this.#wanted.values()];
    this.#wanted = new Map();
    return wanted;
  }

  userIds(): string[] {
    return [...this.#nodes.values()].flatMap((node) => (node.kind === 'user' ? [node.id] : []));
  }

  finish(names: ReadonlyMap<string, string>): ProvenanceGraph {
    for (const node of this.#nodes.values()) {
      if (node.kind === 'user') node.name = names.get(node.id) || node.id;
    }
    const edges = new Map<string, ProvenanceEdge>();
    for (const { kind, from, to } of this.#edges.values()) {
      const edge = { kind, from: this.#resolved.get(from) ?? from, to };
      edges.set(edgeKey(edge), edge);
    }
    return {
      root: this.#resolved.get(keyOf(this.#root)) ?? keyOf(this.#root),
      nodes: [...this.#nodes.values()],
      edges: [...edges.values()],
    };
  }

  #addUsed(activity: string, used: M.Used): void {
    const kind = used.wasExecuted === true ? 'executed' : 'used';
    const from = this.#usedKey(used);
    this.#addEdge({ kind, from, to: activity });
  }

  #usedKey(used: M.Used): string {
    const { concreteType, url, name, reference } = fieldsOf(used);
    if (reference?.targetId !== undefined) {
      const { targetId, targetVersionNumber } = reference;
      const wanted = { id: targetId, version: targetVersionNumber };
      const key = keyOf(wanted);
      if (!this.#resolved.has(key)) this.#wanted.set(key, wanted);
      return key;
    }
    const key = url === undefined ? `other:${JSON.stringify(used)}` : urlKey(url, name);
    if (url === undefined) {
      const other: OtherNode = { kind: 'other', key, type: concreteType ?? urlType };
      this.#nodes.set(key, other);
    } else {
      const node: UrlNode = { kind: 'url', key, url };
      if (name !== undefined && name !== url) node.name = name;
      this.#nodes.set(key, node);
    }
    return key;
  }

  #addEdge(edge: ProvenanceEdge): void {
    this.#edges.set(edgeKey(edge), edge);
  }
}

/** The fields of all kinds of used items. */
function fieldsOf(used: M.Used): {
  concreteType?: string;
  url?: string | undefined;
  name?: string | undefined;
  reference?: M.Reference | undefined;
} {
  return used;
}

function activityNode(key: string, id: string, activity: M.Activity): ActivityNode {
  const node: ActivityNode = { kind: 'activity', key, id };
  for (const field of ['name', 'description', 'createdOn', 'modifiedOn'] as const) {
    const value = activity[field];
    if (value !== undefined && value !== '') node[field] = value;
  }
  return node;
}

function keyOf({ id, version }: EntityVersion): string {
  return version === undefined ? id : `${id}.${version}`;
}

/** One address can be used under several names. */
function urlKey(url: string, name: string | undefined): string {
  return name === undefined || name === url ? `url:${url}` : `url:${url} ${name}`;
}

function edgeKey({ kind, from, to }: ProvenanceEdge): string {
  return JSON.stringify([kind, from, to]);
}
