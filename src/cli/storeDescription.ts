import type { Synapse } from '../index.js';

/**
 * Makes a text the root wiki page of an entity, which is where the web site, and the Python client, show and keep a
 * description. Other pages, the title and the attachments stay.
 *
 * @see https://rest-docs.synapse.org/rest/POST/entity/ownerId/wiki.html
 */
export async function storeDescription(
  syn: Synapse,
  ownerId: string,
  markdown: string,
  options: { signal: AbortSignal },
): Promise<void> {
  const { wikiV1: wiki } = syn.services;
  try {
    await wiki.createEntityWikiPageV1({ ownerId, body: { markdown } }, options);
  } catch (error) {
    if (!isTaken(error)) throw error;
    const page = await wiki.getEntityRootWikiPageV1({ ownerId }, options);
    if (page.markdown === markdown) return;
    const body = { ...page, markdown };
    await wiki.updateEntityWikiPageV1({ ownerId, wikiId: page.id ?? '', body }, options);
  }
}

/** There is a root page. `POST /entity/{ownerId}/wiki` says so with 409, and has said so with 400. */
function isTaken(error: unknown): boolean {
  const { status, message } = error as { status?: number; message?: string };
  return status === 409 || (status === 400 && /duplicate|already exists/i.test(message ?? ''));
}
