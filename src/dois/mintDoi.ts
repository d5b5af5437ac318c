import { isDeepStrictEqual } from 'node:util';
import type * as M from '../../generated/models.js';
import { createOrFind } from '../api/createOrFind.js';
import type { Context } from '../context.js';
import { ArgumentError, MalformedResponseError, PreconditionFailedError } from '../errors.js';
import type { CommonOptions } from '../options.js';
import { quoted } from '../values/quoted.js';
import {
  doiInfo,
  doiTarget,
  type DoiCreatorInfo,
  type DoiInfo,
  type DoiInput,
  type DoiObject,
  type DoiOptions,
  type DoiTarget,
} from './doiTypes.js';
import { findDoi } from './getDoi.js';

/** Implements {@link Dois.mint}. */
export async function mintDoi(
  ctx: Context,
  object: DoiObject,
  input: DoiInput,
  options: DoiOptions = {},
): Promise<DoiInfo> {
  const { signal, onProgress } = options;
  const target = doiTarget(object, options);
  checkInput(input);
  const current = await findDoi(ctx, object, options);
  if (input.etag !== undefined && input.etag !== current?.etag) throw changed(target, current);
  const wanted = contentOf(input, current);
  if (current !== undefined && hasContent(current, wanted)) return current;
  return createOrFind({
    create: () => registerDoi(ctx, { target, wanted, etag: current?.etag }, { signal, onProgress }),
    find: async () => {
      const now = await findDoi(ctx, object, options);
      return now !== undefined && hasContent(now, wanted) ? now : undefined;
    },
    signal,
  });
}

type Content = Pick<M.Doi, 'creators' | 'publicationYear' | 'resourceType' | 'titles'>;

/** @throws {@link ArgumentError} for what a DOI needs and has not, before anything is sent */
function checkInput({ creators, titles, publicationYear }: DoiInput): void {
  const names = creators.map((creator) => (typeof creator === 'string' ? creator : creator.name));
  if (names.length === 0 || names.some((name) => name.trim() === '')) {
    throw new ArgumentError('A DOI needs at least one creator, and each needs a name.');
  }
  const all = typeof titles === 'string' ? [titles] : titles;
  if (all.length === 0 || all.some((title) => title.trim() === '')) {
    throw new ArgumentError('A DOI needs a title.');
  }
  if (publicationYear === undefined) return;
  const isYear = Number.isInteger(publicationYear) && /^\d{4}$/.test(String(publicationYear));
  if (isYear && publicationYear >= 1000) return;
  throw new ArgumentError(
    `The publicationYear of a DOI has four digits: ${quoted(publicationYear)} has not.`,
  );
}

function contentOf(input: DoiInput, current: DoiInfo | undefined): Content {
  const { creators, titles } = input;
  const year = input.publicationYear ?? current?.publicationYear ?? new Date().getFullYear();
  const type = input.resourceType ?? current?.resourceType ?? 'Dataset';
  return {
    creators: creators.map((creator) => {
      const { name, identifiers }: DoiCreatorInfo =
        typeof creator === 'string' ? { name: creator } : creator;
      const nameIdentifiers = identifiers?.map(({ id, scheme }) => {
        return { identifier: id, nameIdentifierScheme: scheme };
      });
      return { creatorName: name, ...(nameIdentifiers !== undefined && { nameIdentifiers }) };
    }),
    titles: (typeof titles === 'string' ? [titles] : titles).map((title) => ({ title })),
    publicationYear: year,
    resourceType: { resourceTypeGeneral: type },
  };
}

function hasContent(doi: DoiInfo, wanted: Content): boolean {
  const { creators, titles, publicationYear, resourceType } = doiInfo(wanted);
  const parts = { creators: withIdentifiers(creators), titles, publicationYear, resourceType };
  return isDeepStrictEqual(parts, {
    creators: withIdentifiers(doi.creators),
    titles: doi.titles,
    publicationYear: doi.publicationYear,
    resourceType: doi.resourceType,
  });
}

/** No identifiers can be an empty list. */
function withIdentifiers(creators: DoiInfo['creators']): DoiInfo['creators'] {
  return creators.map(({ name, identifiers = [] }) => ({ name, identifiers }));
}

async function registerDoi(
  ctx: Context,
  { target, wanted, etag }: { target: DoiTarget; wanted: Content; etag: string | undefined },
  options: CommonOptions,
): Promise<DoiInfo> {
  const { id: objectId, type: objectType, version: objectVersion, portalId } = target;
  const { doi } = await ctx.http.runJob(
    {
      concreteType: 'org.sagebionetworks.repo.model.doi.v2.DoiRequest',
      doi: { ...wanted, objectId, objectType, objectVersion, portalId, etag },
    },
    {},
    options,
  );
  if (doi !== undefined) return doiInfo(doi);
  throw new MalformedResponseError({
    operation: 'doi.getDoiRegistrationResult',
    field: 'doi',
    expected: 'the DOI',
    actual: 'missing',
  });
}

function changed({ id }: DoiTarget, current: DoiInfo | undefined): Error {
  const what = current === undefined ? 'has no DOI' : 'has a DOI that was changed since';
  return new PreconditionFailedError(`${id} ${what}: read it again, and repeat the change.`, {
    status: 412,
    reason: 'The etag is not that of the DOI.',
    method: 'POST',
    url: '/repo/v1/doi/async/start',
  });
}
