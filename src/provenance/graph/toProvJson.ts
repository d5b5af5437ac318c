import type {
  ActivityNode,
  EntityNode,
  OtherNode,
  ProvenanceGraph,
  ProvenanceNode,
  UrlNode,
} from './provenanceGraph.js';

/** A value of PROV-JSON: a text, or one with a type. */
export type ProvValue = string | { $: string; type: string };

/** The records of one kind, by identifier. */
export type ProvRecords = Record<string, Record<string, ProvValue>>;

/** A document of PROV-JSON. */
export interface ProvJson {
  prefix: Record<string, string>;
  entity?: ProvRecords;
  activity?: ProvRecords;
  agent?: ProvRecords;
  used?: ProvRecords;
  wasGeneratedBy?: ProvRecords;
  wasAssociatedWith?: ProvRecords;
  wasDerivedFrom?: ProvRecords;
  specializationOf?: ProvRecords;
}

const prefix = {
  synapse: 'https://www.synapse.org/Synapse:',
  activity: 'https://repo-prod.prod.sagebase.org/repo/v1/activity/',
  user: 'https://www.synapse.org/Profile:',
  // What is not in Synapse is numbered within the document.
  item: 'https://rest-docs.synapse.org/rest/org/sagebionetworks/repo/model/provenance/Used.html#',
};

/**
 * Writes a graph in the terms of W3C PROV: entities, activities and agents, with `used` (what was executed has the role
 * `executed`), `wasGeneratedBy`, `wasAssociatedWith` (what was executed is the plan), `wasDerivedFrom` (what was generated is
 * derived from what was used, not from what was executed), and `specializationOf` (a version of an entity is one of the entity).
 *
 * @see https://www.w3.org/submissions/prov-json/
 */
export function toProvJson(graph: ProvenanceGraph): ProvJson {
  const names = identifiers(graph.nodes);
  const entity: ProvRecords = {};
  const activity: ProvRecords = {};
  const agent: ProvRecords = {};
  const specializationOf: ProvRecords = {};
  for (const node of graph.nodes) {
    const id = names.get(node.key) ?? '';
    if (node.kind === 'activity') activity[id] = activityRecord(node);
    else if (node.kind === 'user') {
      agent[id] = { 'prov:type': qualified('prov:Agent'), 'prov:label': node.name };
    } else entity[id] = entityRecord(node);
    if (node.kind === 'entity' && node.version !== undefined) {
      const general = `synapse:${node.id}`;
      entity[general] ??= {};
      specializationOf[`_:s${Object.keys(specializationOf).length + 1}`] = {
        'prov:specificEntity': id,
        'prov:generalEntity': general,
      };
    }
  }
  const relations = relationsOf(graph, names);
  const parts = { entity, activity, agent, ...relations, specializationOf };
  const filled = Object.entries(parts).filter(([, records]) => Object.keys(records).length > 0);
  return { prefix, ...Object.fromEntries(filled) };
}

/** The relations of activities. */
function relationsOf(
  { edges }: ProvenanceGraph,
  names: ReadonlyMap<string, string>,
): Record<'used' | 'wasGeneratedBy' | 'wasAssociatedWith' | 'wasDerivedFrom', ProvRecords> {
  const id = (key: string): string => names.get(key) ?? '';
  const of = (kind: string, end: 'from' | 'to'): Map<string, string[]> => {
    const found = new Map<string, string[]>();
    for (const edge of edges.filter((each) => each.kind === kind)) {
      const other = end === 'from' ? edge.to : edge.from;
      found.set(edge[end], [...(found.get(edge[end]) ?? []), id(other)]);
    }
    return found;
  };
  const inputs = of('used', 'to');
  const plans = of('executed', 'to');
  const used: ProvRecords[string][] = [];
  const generated: ProvRecords[string][] = [];
  const associated: ProvRecords[string][] = [];
  const derived: ProvRecords[string][] = [];
  for (const { kind, from, to } of edges) {
    if (kind === 'used' || kind === 'executed') {
      const role: Record<string, ProvValue> = kind === 'executed' ? { 'prov:role': kind } : {};
      used.push({ 'prov:activity': id(to), 'prov:entity': id(from), ...role });
    } else if (kind === 'generated') {
      generated.push({ 'prov:entity': id(to), 'prov:activity': id(from) });
      for (const input of inputs.get(from) ?? []) {
        derived.push({
          'prov:generatedEntity': id(to),
          'prov:usedEntity': input,
          'prov:activity': id(from),
        });
      }
    } else {
      const agent = { 'prov:activity': id(to), 'prov:agent': id(from) };
      const plan = plans.get(to) ?? [];
      associated.push(
        ...(plan.length === 0 ? [agent] : plan.map((p) => ({ ...agent, 'prov:plan': p }))),
      );
    }
  }
  return {
    used: numbered('u', used),
    wasGeneratedBy: numbered('g', generated),
    wasAssociatedWith: numbered('a', associated),
    wasDerivedFrom: numbered('d', derived),
  };
}

function numbered(letter: string, records: readonly ProvRecords[string][]): ProvRecords {
  return Object.fromEntries(records.map((record, index) => [`_:${letter}${index + 1}`, record]));
}

/** The qualified name of each node, by its key. */
function identifiers(nodes: readonly ProvenanceNode[]): Map<string, string> {
  const names = new Map<string, string>();
  let items = 0;
  for (const node of nodes) {
    if (node.kind === 'entity') {
      const version = node.version === undefined ? '' : `.${node.version}`;
      names.set(node.key, `synapse:${node.id}${version}`);
    } else if (node.kind === 'activity' || node.kind === 'user') {
      names.set(node.key, `${node.kind}:${node.id}`);
    } else names.set(node.key, `item:${(items += 1)}`);
  }
  return names;
}

function activityRecord({ name, description, createdOn }: ActivityNode): ProvRecords[string] {
  return {
    ...(name !== undefined && { 'prov:label': name }),
    ...(description !== undefined && { 'synapse:description': description }),
    // When it was recorded: Synapse does not know when it took place.
    ...(createdOn !== undefined && {
      'synapse:createdOn': { $: createdOn, type: 'xsd:dateTime' },
    }),
  };
}

function entityRecord(node: EntityNode | UrlNode | OtherNode): ProvRecords[string] {
  if (node.kind === 'other') return { 'prov:type': node.type };
  if (node.kind === 'url') {
    return {
      'prov:location': { $: node.url, type: 'xsd:anyURI' },
      'prov:label': node.name ?? node.url,
    };
  }
  const { name, type, version, state } = node;
  return {
    ...(name !== undefined && { 'prov:label': name }),
    ...(type !== undefined && { 'prov:type': type }),
    ...(version !== undefined && {
      'synapse:versionNumber': { $: String(version), type: 'xsd:integer' },
    }),
    ...(state !== 'read' && { 'synapse:state': state }),
  };
}

function qualified(name: string): ProvValue {
  return { $: name, type: 'prov:QUALIFIED_NAME' };
}
