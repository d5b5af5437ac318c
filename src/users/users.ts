import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import { lazyListing, type Listing } from '../api/listing.js';
import type { Context } from '../context.js';
import type { DownloadFileHandleOptions } from '../fileHandles/downloadFileHandle.js';
import type { FileContent, UploadFileHandleOptions } from '../fileHandles/uploadContent.js';
import type { FoundUser } from './getUserProfiles.js';
import type { PictureUrlOptions } from './profilePicture.js';
import type { SearchPrincipalsOptions } from './searchPrincipals.js';
import type { ProfileChange } from './updateProfile.js';
import type { UserFlags } from './userFlags.js';
import type { UserRef } from './userIdOf.js';
import type { ProjectsOptions } from './userProjects.js';

/** The users of Synapse: `syn.users`. */
export class Users {
  readonly #ctx: Context;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /**
   * Reads the profile of a user.
   *
   * @param user - Id or user name. Default: the user who is logged in.
   * @throws {@link ArgumentError} when no user has the name. The message lists similar names.
   * @throws {@link NotFoundError} when no user has the id.
   * @see https://rest-docs.synapse.org/rest/GET/userProfile/profileId.html
   */
  async get(user?: UserRef, options: CallOptions = {}): Promise<M.UserProfile> {
    const { getUserProfile } = await import('./getUserProfile.js');
    return getUserProfile(this.#ctx, user, options);
  }

  /**
   * Reads the profiles of many users, with one request for 100 of them.
   *
   * @param users - Ids and user names.
   * @returns A result for each, in their order: the profile, or why there is none.
   * @see https://rest-docs.synapse.org/rest/POST/userProfile.html
   *
   * @example
   * for (const { user, profile, problem } of await syn.users.getMany(['alice', '273950', 'nobody'])) {
   *   console.log(user, profile?.ownerId ?? problem);
   * }
   */
  async getMany(users: readonly UserRef[], options: CallOptions = {}): Promise<FoundUser[]> {
    const { getUserProfiles } = await import('./getUserProfiles.js');
    return getUserProfiles(this.#ctx, users, options);
  }

  /**
   * Lists the users and teams whose user name, first name, last name or team name begins with a text. Case does not matter.
   *
   * @param prefix - An empty text finds all.
   * @see https://rest-docs.synapse.org/rest/GET/userGroupHeaders.html
   */
  search(prefix: string, options: SearchPrincipalsOptions = {}): Listing<M.UserGroupHeader> {
    return lazyListing(async () => {
      const { searchPrincipals } = await import('./searchPrincipals.js');
      return searchPrincipals(this.#ctx, prefix, options);
    });
  }

  /**
   * Whether a user has passed the certification quiz.
   *
   * @param user - Id or user name. Default: the user who is logged in.
   * @see https://rest-docs.synapse.org/rest/GET/user/id/bundle.html
   */
  async isCertified(user?: UserRef, options: CallOptions = {}): Promise<boolean> {
    const { isCertified } = await import('./userFlags.js');
    return isCertified(this.#ctx, user, options);
  }

  /**
   * Reads whether a user is certified, verified, a member of the Access and Compliance Team, and a reviewer.
   *
   * @param user - Id or user name. Default: the user who is logged in.
   * @see https://rest-docs.synapse.org/rest/GET/user/id/bundle.html
   */
  async flags(user?: UserRef, options: CallOptions = {}): Promise<UserFlags> {
    const { userFlags } = await import('./userFlags.js');
    return userFlags(this.#ctx, user, options);
  }

  /**
   * Changes the profile of the user who is logged in. Nothing is sent when nothing changes.
   *
   * @param change - The new values; `null` removes one. Other values stay as they are.
   * @throws {@link ArgumentError} for a user name that Synapse does not allow, before anything is sent.
   * @throws {@link ConflictError} when somebody else has the user name.
   * @throws {@link PreconditionFailedError} when `change` has an etag, and the profile was changed since.
   * @see https://rest-docs.synapse.org/rest/PUT/userProfile.html
   *
   * @example
   * await syn.users.update({ company: 'Sage Bionetworks', position: null });
   */
  async update(change: ProfileChange, options: CallOptions = {}): Promise<M.UserProfile> {
    const { updateProfile } = await import('./updateProfile.js');
    return updateProfile(this.#ctx, change, options);
  }

  /**
   * Uploads an image, and makes it the picture of the user who is logged in.
   *
   * @param content - The path of a local file, or bytes with a `fileName`.
   * @returns The profile.
   * @see https://rest-docs.synapse.org/rest/PUT/userProfile.html
   */
  async setPicture(
    content: FileContent,
    options: UploadFileHandleOptions = {},
  ): Promise<M.UserProfile> {
    const { setPicture } = await import('./profilePicture.js');
    return setPicture(this.#ctx, content, options);
  }

  /**
   * Gives a URL of the picture of a user, or of its preview. It is valid for some minutes, without a login.
   *
   * @param user - Id or user name. Default: the user who is logged in.
   * @throws {@link NotFoundError} when the user has no picture, or it has no preview.
   * @see https://rest-docs.synapse.org/rest/GET/userProfile/profileId/image.html
   */
  async pictureUrl(user?: UserRef, options: PictureUrlOptions = {}): Promise<string> {
    const { pictureUrl } = await import('./profilePicture.js');
    return pictureUrl(this.#ctx, user, options);
  }

  /**
   * Downloads the picture of a user.
   *
   * @param user - Id or user name; `undefined` for the user who is logged in.
   * @returns The path of the file.
   * @throws {@link ArgumentError} when the user has no picture.
   * @throws {@link FileSystemError} when the destination cannot be written, or exists and `overwrite` is not set.
   */
  async downloadPicture(
    user: UserRef | undefined,
    options: DownloadFileHandleOptions,
  ): Promise<string> {
    const { downloadPicture } = await import('./profilePicture.js');
    return downloadPicture(this.#ctx, user, options);
  }

  /**
   * Lists projects that were shared with a user or a team of the user, and that the caller may read. Projects that are only public
   * are not among them.
   *
   * @param user - Id or user name. Default: the user who is logged in.
   * @see https://rest-docs.synapse.org/rest/GET/projects.html
   */
  projects(user?: UserRef, options: ProjectsOptions = {}): Listing<M.ProjectHeader> {
    return lazyListing(async () => {
      const { userProjects } = await import('./userProjects.js');
      return userProjects(this.#ctx, user, options);
    });
  }
}
