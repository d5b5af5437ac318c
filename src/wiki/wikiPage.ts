import type * as M from '../../generated/models.js';

/** A page of a wiki, without its text. */
export interface WikiPageInfo {
  id: string;
  /** Changes with each change of the page. */
  etag: string;
  title?: string;
  /** The page above; the root page has none. */
  parentId?: string;
  /** The file with the text, compressed with gzip. */
  markdownFileHandleId: string;
  /** The attachments. */
  attachmentFileHandleIds: string[];
  createdOn?: string;
  /** Id of a user. */
  createdBy?: string;
  modifiedOn?: string;
  /** Id of a user. */
  modifiedBy?: string;
}

/** A page of a wiki. */
export interface WikiPage extends WikiPageInfo {
  /** The text. */
  markdown: string;
}

/** A page in a list of pages. */
export interface WikiHeader {
  id: string;
  title?: string;
  /** The page above; the root page has none. */
  parentId?: string;
}

/** A page from the API, with the names of this package. */
export function pageInfo({
  id = '',
  etag = '',
  markdownFileHandleId = '',
  attachmentFileHandleIds = [],
  parentWikiId,
  title,
  ...rest
}: M.V2WikiPage): WikiPageInfo {
  return {
    id,
    etag,
    ...(title !== undefined && { title }),
    ...(parentWikiId !== undefined && { parentId: parentWikiId }),
    markdownFileHandleId,
    attachmentFileHandleIds,
    ...rest,
  };
}

export function pageHeader({ id = '', title, parentId }: M.V2WikiHeader): WikiHeader {
  return {
    id,
    ...(title !== undefined && { title }),
    ...(parentId !== undefined && { parentId }),
  };
}
