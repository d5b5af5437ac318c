import type { CallOptions } from '../../generated/services.js';
import { lazyListing, type Listing } from '../api/listing.js';
import type { Context } from '../context.js';
import {
  challengeArgs,
  type Challenge,
  type ChallengeRef,
  type ChallengeTeam,
} from './challenge.js';
import type { NewChallenge } from './createChallenge.js';
import type { ChallengeTarget } from './getChallenge.js';
import type { RegisterTeamOptions } from './registerTeam.js';
import type { TeamRef } from '../teams/teamIdOf.js';
import type { ChallengeChanges } from './updateChallenge.js';
import { listTeams } from './listTeams.js';

/** Which participants of a challenge are listed. */
export interface ParticipantFilter extends CallOptions {
  /** `true`: only members of registered teams; `false`: only the others. @default all */
  affiliated?: boolean;
}

/** Challenges: projects with participants and registered teams: `syn.challenges`. */
export class Challenges {
  readonly #ctx: Context;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /**
   * Makes a project a challenge. Whoever joins the team of participants takes part in it.
   *
   * @example
   * const challenge = await syn.challenges.create({ project: 'syn123', participantTeam: 'DREAM participants' });
   *
   * @throws {@link ConflictError} when the project is a challenge already.
   * @throws {@link ArgumentError} when no team has the name.
   * @see https://rest-docs.synapse.org/rest/POST/challenge.html
   */
  async create(challenge: NewChallenge, options: CallOptions = {}): Promise<Challenge> {
    const { createChallenge } = await import('./createChallenge.js');
    return createChallenge(this.#ctx, challenge, options);
  }

  /**
   * Reads a challenge, by its id or by its project.
   *
   * @throws {@link NotFoundError} when no challenge has the id, or the project is not a challenge.
   * @see https://rest-docs.synapse.org/rest/GET/challenge/challengeId.html
   */
  async get(challenge: ChallengeTarget, options: CallOptions = {}): Promise<Challenge> {
    const { getChallenge } = await import('./getChallenge.js');
    return getChallenge(this.#ctx, challenge, options);
  }

  /**
   * Lists the challenges that a user takes part in.
   *
   * @param user - Id or user name. Default: the caller.
   * @see https://rest-docs.synapse.org/rest/GET/challenge.html
   */
  list(user?: string | number, options: CallOptions = {}): Listing<Challenge> {
    return lazyListing(async () => {
      const { listChallenges } = await import('./listChallenges.js');
      return listChallenges(this.#ctx, user, options);
    });
  }

  /**
   * Gives a challenge another team of participants.
   *
   * @see https://rest-docs.synapse.org/rest/PUT/challenge/challengeId.html
   */
  async update(
    challenge: ChallengeRef,
    changes: ChallengeChanges,
    options: CallOptions = {},
  ): Promise<Challenge> {
    const { updateChallenge } = await import('./updateChallenge.js');
    return updateChallenge(this.#ctx, challenge, changes, options);
  }

  /**
   * Deletes a challenge with its registrations. The project and the teams stay.
   *
   * @see https://rest-docs.synapse.org/rest/DELETE/challenge/challengeId.html
   */
  async delete(challenge: ChallengeRef, options: CallOptions = {}): Promise<void> {
    await this.#ctx.services.challenge.deleteChallenge(challengeArgs(challenge), options);
  }

  /**
   * Lists the ids of the users who take part in a challenge.
   *
   * @see https://rest-docs.synapse.org/rest/GET/challenge/challengeId/participant.html
   */
  participants(
    challenge: ChallengeRef,
    { affiliated, ...options }: ParticipantFilter = {},
  ): Listing<string> {
    const args = { ...challengeArgs(challenge), affiliated };
    return this.#ctx.http.paginate('challenge.listChallengeParticipantIds', args, options);
  }

  /**
   * Registers a team for a challenge, so that it can submit. The caller takes part in the challenge and manages the team.
   *
   * @throws {@link ConflictError} when it is registered already.
   * @throws {@link AuthorizationError} when the caller does not take part, or does not manage the team.
   * @see https://rest-docs.synapse.org/rest/POST/challenge/challengeId/challengeTeam.html
   */
  async registerTeam(
    challenge: ChallengeRef,
    team: TeamRef,
    options: RegisterTeamOptions = {},
  ): Promise<ChallengeTeam> {
    const { registerTeam } = await import('./registerTeam.js');
    return registerTeam(this.#ctx, challenge, team, options);
  }

  /**
   * Takes back the registration of a team.
   *
   * @throws {@link ArgumentError} when it is not registered.
   * @see https://rest-docs.synapse.org/rest/DELETE/challengeTeam/challengeTeamId.html
   */
  async unregisterTeam(
    challenge: ChallengeRef,
    team: TeamRef,
    options: CallOptions = {},
  ): Promise<void> {
    const { unregisterTeam } = await import('./registerTeam.js');
    return unregisterTeam(this.#ctx, challenge, team, options);
  }

  /**
   * Lists the teams that are registered for a challenge.
   *
   * @see https://rest-docs.synapse.org/rest/GET/challenge/challengeId/challengeTeam.html
   */
  teams(challenge: ChallengeRef, options: CallOptions = {}): Listing<ChallengeTeam> {
    return listTeams(this.#ctx, challenge, options);
  }

  /**
   * Lists the ids of the teams that the caller could register for a challenge.
   *
   * @see https://rest-docs.synapse.org/rest/GET/challenge/challengeId/registratableTeam.html
   */
  registratableTeams(challenge: ChallengeRef, options: CallOptions = {}): Listing<string> {
    const args = challengeArgs(challenge);
    return this.#ctx.http.paginate('challenge.listChallengeRegistratableTeamIds', args, options);
  }

  /**
   * Lists the ids of the registered teams for which the caller can submit.
   *
   * @see https://rest-docs.synapse.org/rest/GET/challenge/challengeId/submissionTeams.html
   */
  submissionTeams(challenge: ChallengeRef, options: CallOptions = {}): Listing<string> {
    const args = challengeArgs(challenge);
    return this.#ctx.http.paginate('challenge.listChallengeSubmissionTeamIds', args, options);
  }
}
