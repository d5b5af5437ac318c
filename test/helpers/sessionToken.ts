import type { LocalSynapse } from '../../src/server/index.js';
import { api } from './api.js';

/**
 * The token of a session of a user, which has all scopes. The tokens that users start with are
 * personal access tokens, which cannot do everything.
 */
export async function sessionToken(
  synapse: Pick<LocalSynapse, 'endpoint' | 'users'>,
  { userId }: { readonly userId: string },
): Promise<string> {
  const admin = api(synapse, synapse.users.admin.authToken);
  const { body } = await admin.get(`/repo/v1/admin/user/${userId}/token`);
  return (body as { accessToken: string }).accessToken;
}
