import type { World } from '../world.js';
import type { StatusRecord, SubmissionRecord } from './submissionRecords.js';

/** A change of a submission or its status. */
export interface SubmissionChange {
  readonly kind: 'create' | 'delete' | 'update';
  readonly submission: SubmissionRecord;
  /** The status after the change; before it for `delete`. */
  readonly status: StatusRecord;
}

/** Called inside the transaction of the change: throwing rolls back the change. */
export type SubmissionListener = (change: SubmissionChange) => void;

/** The registrations for the challenge of a project. */
export interface ChallengeRegistration {
  readonly isTeamRegistered: (teamId: number) => boolean;
  readonly isUserRegistered: (userId: number) => boolean;
}

/** The registration for the challenge of a project; `undefined` when the project has no challenge. */
export type RegistrationProvider = (projectId: string) => ChallengeRegistration | undefined;

/** Whether a Docker repository has a commit with this digest. */
export type DigestCheck = (entityId: string, digest: string) => boolean;

/** Extension points of evaluations for other domains. Each world has one instance. */
export class EvaluationHooks {
  readonly #listeners: SubmissionListener[] = [];
  #registration: RegistrationProvider = () => undefined;
  #digests: DigestCheck = () => true;

  /** Listens to every change of every submission. */
  onSubmissionChange(listener: SubmissionListener): void {
    this.#listeners.push(listener);
  }

  /** Calls the listeners. Only for the evaluations domain. */
  emit(change: SubmissionChange): void {
    for (const listener of this.#listeners) {
      listener(change);
    }
  }

  /** Sets the provider of challenge registrations. @default no project has a challenge */
  defineRegistration(provider: RegistrationProvider): void {
    this.#registration = provider;
  }

  registration(projectId: string): ChallengeRegistration | undefined {
    return this.#registration(projectId);
  }

  /** Sets the check for digests of Docker repositories. @default any */
  defineDigests(check: DigestCheck): void {
    this.#digests = check;
  }

  hasDigest(entityId: string, digest: string): boolean {
    return this.#digests(entityId, digest);
  }
}

const makeHooks = (): EvaluationHooks => new EvaluationHooks();

/** The hooks of a world. */
export function evaluationHooks(world: World): EvaluationHooks {
  return world.service(makeHooks);
}
