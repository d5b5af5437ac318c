import type * as M from '../../../../generated/models.js';
import { badRequest } from '../../kernel/serviceError.js';

const concreteType = 'org.sagebionetworks.repo.model.table.QueryNextPageToken';

/** The token of the page of a query with another offset. */
export function writePageToken(query: M.Query, entityId: string): M.QueryNextPageToken {
  const token = Buffer.from(JSON.stringify(query)).toString('base64url');
  return { concreteType, entityId, token };
}

/** The query of a token. @throws 400 when it is not valid */
export function readPageToken(token: string | undefined): M.Query {
  if (token === undefined || token === '') {
    throw badRequest('Next page token cannot be empty');
  }
  const query = parse(token);
  if (query === undefined) {
    throw badRequest('Not a valid next page token');
  }
  return query;
}

/** Validates the decoded token, which comes from a client. */
function parse(token: string): M.Query | undefined {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    return undefined;
  }
  const query = value as M.Query;
  const isCount = (number: unknown): boolean =>
    number === undefined || (Number.isSafeInteger(number) && Number(number) >= 0);
  const isList = (list: unknown): boolean => list === undefined || Array.isArray(list);
  const fits =
    typeof query.sql === 'string' &&
    isCount(query.limit) &&
    isCount(query.offset) &&
    isList(query.sort) &&
    isList(query.additionalFilters) &&
    isList(query.selectedFacets);
  return fits ? query : undefined;
}
