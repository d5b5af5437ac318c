import type { Endpoint } from './endpoints.js';
import type { Description } from './description.js';
import { refName } from './description.js';
import type { Prose } from './prose.js';

/** What upstream says about one operation, for the help of `synapse api`. */
export interface OperationText {
  answer?: string;
  parameters?: Record<string, string>;
}

/** The texts of the help of `synapse api`: of operations, and of the models that are request bodies. */
export interface OperationTexts {
  operations: Record<string, OperationText>;
  /** Model -> text */
  models: Record<string, string>;
  /** Model -> property -> text */
  fields: Record<string, Record<string, string>>;
}

/** Collects the texts that the help of `synapse api` shows, as plain text. */
export function operationTexts(
  endpoints: readonly Endpoint[],
  description: Description,
  prose: Prose,
): OperationTexts {
  const texts: OperationTexts = { operations: {}, models: {}, fields: {} };
  for (const { id, parameters } of endpoints) {
    const answer = prose.answers.get(id);
    const described = textsOf(
      parameters.map(({ name }) => [name, `${id}.${name}`]),
      prose.parameters,
    );
    if (answer === undefined && described === undefined) continue;
    texts.operations[id] = {
      ...(answer !== undefined && { answer: plainText(answer) }),
      ...(described && { parameters: described }),
    };
  }
  for (const model of bodyModels(endpoints, description)) {
    const text = prose.types.get(model);
    if (text !== undefined) texts.models[model] = plainText(text);
    const names = Object.keys(description.components.schemas[model]?.properties ?? {});
    const fields = textsOf(
      names.map((name) => [name, `${model}.${name}`]),
      prose.properties,
    );
    if (fields) texts.fields[model] = fields;
  }
  return texts;
}

function textsOf(
  keys: readonly (readonly [name: string, key: string])[],
  from: ReadonlyMap<string, string>,
): Record<string, string> | undefined {
  const found = keys.flatMap(([name, key]) => {
    const text = from.get(key);
    return text === undefined ? [] : [[name, plainText(text)] as const];
  });
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

/** The models of request bodies, with the members of those that are unions. */
function bodyModels(
  endpoints: readonly Endpoint[],
  { components: { schemas } }: Description,
): string[] {
  const bodies = new Set(endpoints.map(({ body }) => body.model));
  const members = [...bodies].flatMap((body) =>
    (schemas[body]?.oneOf ?? []).flatMap((member) => refName(member) ?? []),
  );
  return [...new Set([...bodies, ...members])].sort();
}

/** Doc comments have links, which a terminal shows as their text. */
function plainText(text: string): string {
  return text
    .replace(/\{@link (?:[^|{}]*\| )?([^|{}]*)\}/g, '$1')
    .replace(/\[([^[\]]*)\]\(https:\/\/rest-docs\.[^()]*\)/g, '$1')
    .replace(/\[([^[\]]*)\]\((https?:[^()]*)\)/g, '$1 ($2)')
    .replaceAll('*\\/', '*/');
}
