import { operationKey, operationsOf } from './description.js';
import type { Description } from './description.js';
import type { NamesLock } from './names.js';
import { renderHtml } from './renderHtml.js';

/** The upstream descriptions of types and operations, rendered for doc comments. */
export interface Prose {
  /** Type or service interface -> text */
  types: Map<string, string>;
  /** `Type.property` -> text */
  properties: Map<string, string>;
  /** `service.operation` -> text about the answer */
  answers: Map<string, string>;
  /** `service.operation.parameter` -> text */
  parameters: Map<string, string>;
}

/** Texts without information: placeholders of the upstream generator, or texts that only repeat the signature. */
const EMPTY = /^(?:Auto-generated description|Void|-|Status \d+ will be returned.*)?$/;

/** Collects the prose of a published description. `linkPrefix` stands before the names of types in links: `M.` in services. */
export function proseOf(published: Description, lock: NamesLock, linkPrefix: string): Prose {
  const prose: Prose = {
    types: new Map(),
    properties: new Map(),
    answers: new Map(),
    parameters: new Map(),
  };
  const add = (to: Map<string, string>, key: string, html: string | undefined): void => {
    const text = renderHtml(html ?? '', (placeholder, label) =>
      linkTo(placeholder, label, lock, linkPrefix),
    ).replace(/^- /, '');
    if (!EMPTY.test(text)) to.set(key, text);
  };
  for (const [fullName, schema] of Object.entries(published.components.schemas)) {
    const name = lock.types[fullName];
    if (name === undefined) continue;
    add(prose.types, name, schema.description);
    for (const [property, { description }] of Object.entries(schema.properties ?? {})) {
      add(prose.properties, `${name}.${property}`, description);
    }
  }
  for (const located of operationsOf(published)) {
    const id = lock.operations[operationKey(located)];
    if (id === undefined) continue;
    for (const { name, description } of located.operation.parameters)
      add(prose.parameters, `${id}.${name}`, description);
    const answer = Object.entries(located.operation.responses).find(([status]) =>
      status.startsWith('2'),
    );
    add(prose.answers, id, answer?.[1].description);
  }
  return prose;
}

/** `${GET.entity.id}` is a page of the REST docs, `${org...FileEntity}` a type. */
function linkTo(placeholder: string, label: string, lock: NamesLock, linkPrefix: string): string {
  const [, method, rest = ''] = /^(GET|POST|PUT|DELETE)\.(.*)$/.exec(placeholder) ?? [];
  if (method !== undefined) {
    const url = `https://rest-docs.synapse.org/rest/${method}/${rest.replaceAll('.', '/')}.html`;
    return `[${label || `${method} /${rest.replaceAll('.', '/')}`}](${url})`;
  }
  const name = lock.types[placeholder];
  if (name === undefined) return label || placeholder;
  return label === '' || label === name
    ? `{@link ${linkPrefix}${name}}`
    : `{@link ${linkPrefix}${name} | ${label}}`;
}
