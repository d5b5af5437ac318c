import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Listing } from '../api/listing.js';
import type { Context } from '../context.js';
import { shortName } from '../values/shortName.js';
import { jobListing } from './jobListing.js';
import { queryList } from './queryList.js';

/** What the caller must do before some files of the download list can be downloaded. */
export interface RequiredAction {
  /** The number of files that wait for it. A file can wait for several actions. */
  files: number;
  /** What to do, as a sentence without its end. */
  todo: string;
  /** The page of the website to do it on. */
  url: string;
  /** The action as the service names it. */
  action: M.Action;
}

/** The folder whose sharing settings apply to what is in the trash can. */
const trashFolder = 'syn1681355';

/** Implements {@link DownloadList.actionsRequired}. */
export function requiredActions(
  ctx: Context,
  { signal }: Pick<CallOptions, 'signal'>,
): Listing<RequiredAction> {
  const load = async (nextPageToken: string | undefined, inner: AbortSignal) => {
    const { page = [], nextPageToken: next } = await queryList(
      ctx,
      'ActionRequired',
      {
        concreteType: 'org.sagebionetworks.repo.model.download.ActionRequiredRequest',
        nextPageToken,
      },
      { signal: inner },
    );
    const actions = page.flatMap(({ action, count = 0 }) =>
      action === undefined ? [] : [{ files: count, ...describe(ctx.portal, action), action }],
    );
    return { page: actions, nextPageToken: next };
  };
  return jobListing('downloadList.getDownloadListQueryResult', load, { signal });
}

function describe(portal: string, action: M.Action): Pick<RequiredAction, 'todo' | 'url'> {
  switch (action.concreteType) {
    case 'org.sagebionetworks.repo.model.download.MeetAccessRequirement': {
      const id = action.accessRequirementId ?? '';
      return {
        todo: `meet the access requirement ${id}: read and accept it, or ask for access`,
        url: `${portal}AccessRequirement:AR_ID=${id}`,
      };
    }
    case 'org.sagebionetworks.repo.model.download.EnableTwoFa':
      return {
        todo: `enable two-factor authentication for your account, which the access requirement ${action.accessRequirementId ?? ''} asks for`,
        url: `${portal}Profile:v/settings`,
      };
    case 'org.sagebionetworks.repo.model.download.RequestDownload': {
      const id = `syn${action.benefactorId ?? ''}`;
      if (id === trashFolder) {
        return {
          todo: 'restore what is in the trash can, or take it off the list',
          url: `${portal}Trash:0`,
        };
      }
      return {
        todo: `ask an administrator of ${id}, whose sharing settings apply, for the permission to download`,
        url: `${portal}Synapse:${id}`,
      };
    }
    default:
      return {
        todo: `do what the website asks for (${shortName((action as M.Action).concreteType)})`,
        url: `${portal}DownloadCart:0`,
      };
  }
}
