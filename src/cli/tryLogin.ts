import type { LoginOptions, Synapse } from '../index.js';

/** A client, and why it has no login. */
export interface Connection {
  syn: Synapse;
  refusal?: Error;
}

/** Logs in. That there are no credentials is no failure yet: public data needs none. */
export async function tryLogin(syn: Synapse, options: LoginOptions): Promise<Connection> {
  try {
    await syn.login(options);
    return { syn };
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'NO_CREDENTIALS';
    if (!isMissing) throw error;
    return { syn, refusal: error };
  }
}
