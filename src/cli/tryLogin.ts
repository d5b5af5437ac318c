import type { Login, LoginOptions, Synapse } from '../index.js';

/** A client with its login, or why it has none. */
export interface Connection {
  syn: Synapse;
  login?: Login;
  refusal?: Error;
}

/** Logs in. That there are no credentials is no failure yet: public data needs none. */
export async function tryLogin(syn: Synapse, options: LoginOptions): Promise<Connection> {
  try {
    return { syn, login: await syn.login(options) };
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'NO_CREDENTIALS';
    if (!isMissing) throw error;
    return { syn, refusal: error };
  }
}
