import { keychainAccount, keychainProblem, systemKeychain } from '../../auth/keychain.js';
import { note, ok, type Check } from './check.js';

const advice =
  '`synapse login --remember-me` needs it. Elsewhere, save the token with `synapse config`, or set SYNAPSE_AUTH_TOKEN.';

export const keychain: Check = {
  name: 'keychain',
  title: 'Keychain',
  timeout: 5000,
  onTimeout: note('It does not answer: it may be waiting for you to unlock it.', advice, {
    available: false,
  }),
  run: async ({ settings, client, environment }) => {
    const profile = client.profile ?? (environment['SYNAPSE_PROFILE'] || 'default');
    try {
      const { endpoint, endpoints } = settings;
      const token = await systemKeychain.get(keychainAccount(profile, endpoints.auth ?? endpoint));
      const has = token === undefined ? 'no token' : 'a token';
      return [ok(`It works, and has ${has} of profile ${profile}.`, { available: true })];
    } catch (error) {
      const message = `It cannot be used: ${keychainProblem(error)}.`;
      return [note(message, advice, { available: false })];
    }
  },
};
