import type { Description, Schema } from '../description.js';
import { refName } from '../description.js';
import type { Endpoint } from '../endpoints.js';
import { argsMembers, HEADER, objectType, quote } from './text.js';

/** `pages.ts`: the operations that answer in pages, how to ask for the next one, and where the items are. */
export function emitPages(endpoints: readonly Endpoint[], description: Description): string {
  const paged = endpoints
    .filter(({ page }) => page !== '')
    .map((endpoint) => ({ endpoint, id: quote(endpoint.id), list: listOf(endpoint, description) }));
  const types = paged.map(({ endpoint, id, list }) => {
    const members = [`args: ${objectType(argsMembers(endpoint))}`, `item: ${list.item}`];
    return `  ${id}: ${objectType(members)};\n`;
  });
  const rows = paged.map(({ endpoint, id, list }) => {
    return `  ${id}: { mode: ${quote(endpoint.page)}, items: ${quote(list.name)} },\n`;
  });
  return [
    `${HEADER}import type * as M from './models.js';\n`,
    `/** The operations that answer in pages. */\nexport interface Pages {\n${types.join('')}}\n`,
    "/** How each asks for its next page: by a token in the query or the body, or by an offset; `items` is the answer's list. */",
    `export const pages: Readonly<Record<keyof Pages, { mode: 'tokenQuery' | 'tokenBody' | 'offset'; items: string }>> = {\n${rows.join('')}};\n`,
  ].join('\n');
}

/** The one array in a page; of several, that with the name `page`. Others would leave open which holds the items. */
function listOf(
  { id, response }: Endpoint,
  { components }: Description,
): { name: string; item: string } {
  const properties = components.schemas[response.model]?.properties ?? {};
  const arrays = Object.entries(properties).filter(([, schema]) => schema.type === 'array');
  const named = arrays.filter(([key]) => key === 'page');
  const [first, second] = arrays.length > 1 ? named : arrays;
  const [name, list] = first ?? [];
  if (name === undefined || second !== undefined)
    throw new Error(`${id}: its answer has ${arrays.length} arrays, not one`);
  return { name, item: itemType(list?.items) };
}

function itemType(items: Schema | undefined): string {
  const model = items === undefined ? undefined : refName(items);
  if (model !== undefined) return `M.${model}`;
  if (items?.type === 'string') return 'string';
  throw new Error(`No type for the items ${JSON.stringify(items)}`);
}
