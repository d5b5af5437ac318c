import type { CallOptions } from '../../generated/services.js';
import { checkAnswer } from '../api/checkAnswer.js';
import { againAfterLostAnswer } from '../api/isLostAnswer.js';
import type { Context } from '../context.js';

/**
 * Stores a text as the root wiki page of an entity, where the web site and the Python client keep the description. Other
 * pages, the title and the attachments are kept. Nothing is written when the page already has that text.
 *
 * @throws {@link AuthorizationError} when the caller may not change the wiki.
 * @see https://rest-docs.synapse.org/rest/POST/entity/ownerId/wiki.html
 */
export async function storeDescription(
  { services }: Pick<Context, 'services'>,
  ownerId: string,
  markdown: string,
  options: CallOptions = {},
): Promise<void> {
  const { wikiV1: wiki } = services;
  try {
    await againAfterLostAnswer(() =>
      wiki.createEntityWikiPageV1({ ownerId, body: { markdown } }, options),
    );
  } catch (error) {
    if (!isTaken(error)) throw error;
    const operation = 'wikiV1.getEntityRootWikiPageV1';
    const page = checkAnswer(operation, await wiki.getEntityRootWikiPageV1({ ownerId }, options));
    if (page.markdown === markdown) return;
    const body = { ...page, markdown };
    await wiki.updateEntityWikiPageV1({ ownerId, wikiId: page.id ?? '', body }, options);
  }
}

/** There is a root page. `POST /entity/{ownerId}/wiki` says so with 409, and has said so with 400. */
function isTaken(error: unknown): boolean {
  // By its members: the command line has this function, and so the classes of errors, in a bundle of its own.
  const { status, reason = '' } = error as { status?: number; reason?: string };
  return status === 409 || (status === 400 && /duplicate|already exists/i.test(reason));
}
