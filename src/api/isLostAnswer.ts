import { NetworkError, SynapseHttpError, TimeoutError } from '../errors.js';
import { classifyFault } from '../net/faults.js';

/**
 * Whether a call ended without the answer of the service, so that the service may have done what was asked: the connection broke,
 * the time ran out, or a gateway gave up. A request that creates something is not sent again then; see retryPolicy.ts.
 *
 * What the functions of this package create, and what they do after a lost answer:
 *
 * | Request                                                 | After a lost answer                                                 |
 * | ------------------------------------------------------- | ------------------------------------------------------------------- |
 * | `POST /entity`, `POST /entity/bundle2/create`           | The entity is looked up by its name, which is unique (`createOnce`) |
 * | `POST /entity/{id}/acl`                                 | The entity's list, of which there is one, is written                |
 * | `POST /accessApproval`                                  | Sent again: it replaces the user's approval                         |
 * | `POST /entity/{id}/lockAccessRequirement`               | The requirements are listed again                                   |
 * | `POST /entity/{ownerId}/wiki`                           | Sent again: 409 means that the root page exists, and it is written  |
 * | `POST /entity/{ownerId}/wiki2`                         | The page is looked up by the file of its text, which no other page has |
 * | `PUT /entity/{ownerId}/wiki2/{wikiId}/{wikiVersion}`    | Sent again, unless the page has the content of that version         |
 * | `POST /message`, `/entity/{id}/message`                   | The message is looked up by its file among those that were sent     |
 * | `POST /message/{messageId}/forward`                     | The newest sent message with the file and the recipients is looked up (`createUnnamed`) |
 * | `POST /thread`, `/reply`                                | The newest own post with the title and text is looked up (`createUnnamed`) |
 * | `POST /team`                                            | The team is looked up by its name, which is unique                  |
 * | `POST /membershipInvitation`, `POST /membershipRequest` | The open ones of the team and the user are listed                   |
 * | `POST /favorite/{id}`                                   | Sent again: an entity is a favorite once                            |
 * | `POST /projectSettings`                                 | The setting is read again: a container has one                      |
 * | `POST /storageLocation`                                 | Sent again: the same settings are the same location, and nothing refers to the first one |
 * | `POST /externalFileHandle/googleCloud`                  | Sent again, like the others below                                   |
 * | `POST /evaluation`, `POST /evaluation/{evalId}/round`    | Looked up by its name, which is unique; the round by its times      |
 * | `POST /evaluation/submission`                           | Looked up among the caller's own by entity, version, name and time  |
 * | `POST /challenge`, `/challenge/{challengeId}/challengeTeam` | The challenge of the project, or the registration, is read      |
 * | `POST /evaluation/{evalId}/migratequota`                | Sent again: the quota is gone if the first one was handled          |
 * | `PUT` of a status, or of a batch of statuses            | After 412, compared with what the service has (`isApplied`)         |
 * | `POST /activity`, `/externalFileHandle`, `/externalFileHandle/s3`, `/filehandles/copy` | Sent again: nothing refers to the first one |
 * | `PUT /entity/{id}?newVersion=true`, to restore a version | Refused with 412 if the first one was applied: the entity is read again |
 * | `POST /file/multipart`, and everything with PUT         | Sent again, with the same effect (idempotency.ts)                   |
 * | `POST /download/list/add`, `/download/list/remove`      | Sent again: a file is on the list once; the counts of the answer are then too low |
 * | `POST /entity/{id}/table/transaction`: rows by version | Sent again: refused with 412 if the first one was applied (`sendTwice`) |
 * | `POST /entity/{id}/table/transaction`: new rows        | Not sent again: the error says which rows are concerned (`AppendError`) |
 * | `POST /doi/async/start`                                | The DOI is read; the job is started again unless it says what it should |
 * | `POST /login2`, `POST /2fa/token`                       | The login fails: a one-time code is valid once                      |
 */
export function isLostAnswer(error: unknown): boolean {
  if (error instanceof TimeoutError) return true;
  if (error instanceof SynapseHttpError) return error.status === 502 || error.status === 504;
  return error instanceof NetworkError && classifyFault(error.cause).sent === 'maybe';
}

/** Sends a request again whose answer was lost. For requests that do no harm when they are handled twice, see above. */
export async function againAfterLostAnswer<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    if (!isLostAnswer(error)) throw error;
    return request();
  }
}
