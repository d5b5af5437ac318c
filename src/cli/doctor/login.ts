import { checkAnswer } from '../../api/checkAnswer.js';
import type { Credentials } from '../../auth/credentials.js';
import { sourceText } from '../../auth/sourceText.js';
import type { Login, Synapse } from '../../index.js';
import { givenLogin } from '../givenLogin.js';
import { note, ok, problem, skipped, type Check, type Finding } from './check.js';
import type { Subject } from './subject.js';

/** Whether Synapse accepts the token, and what the account may do. */
export const login: Check = {
  name: 'login',
  title: 'Login',
  timeout: 30_000,
  run: async (subject, signal) => {
    const found = await subject.credentials();
    if (found instanceof Error) return [skipped('There is no token to check.')];
    const server = await subject.server();
    if (server.kind !== 'answer' || server.version === undefined) {
      return [skipped('Not checked, because Synapse did not answer.')];
    }
    const { Synapse } = await import('../../index.js');
    const syn = new Synapse({ ...subject.client, retry: { maxAttempts: 2 }, timeout: 10_000 });
    try {
      const user = await syn.login({ ...loginOf(subject, found), signal });
      const name = `${user.userName} (${user.userId})`;
      const details = { userName: user.userName, userId: user.userId };
      return [ok(`Logged in as ${name}`, details), ...(await accountFindings(syn, user, signal))];
    } catch (error) {
      return [refusal(error, found, subject)];
    } finally {
      await syn.close();
    }
  },
};

function loginOf(
  { login: flags }: Subject,
  { token, source, username }: Credentials,
): Parameters<Synapse['login']>[0] {
  return source === 'password' ? givenLogin(flags) : { authToken: token, username };
}

/** How to replace a token, by where it comes from. */
const replacement: Readonly<Record<Credentials['source'], string>> = {
  argument: 'Check --password.',
  password: 'Check --username and --password.',
  config: 'Make a new token, and save it with `synapse config`.',
  environment: 'Make a new token, and set SYNAPSE_AUTH_TOKEN to it, or unset SYNAPSE_AUTH_TOKEN.',
  parameterStore: 'Make a new token, and store it in the AWS parameter.',
  keychain: 'Make a new token, and run `synapse login --remember-me`.',
};

function refusal(error: unknown, found: Credentials, { configPath }: Subject): Finding {
  const { code, message } = error as Error & { code?: unknown };
  if (code !== 'AUTHENTICATION') return problem(message, replacement[found.source]);
  const from = found.source === 'argument' ? '--password' : sourceText(found, configPath);
  return problem(`Synapse refuses the token from ${from}.`, replacement[found.source]);
}

/** What an account lacks. A question that is not answered is left out: it only helps to explain refusals. */
async function accountFindings(
  syn: Synapse,
  { userId, scopes }: Login,
  signal: AbortSignal,
): Promise<Finding[]> {
  const { certifiedUser, authentication } = syn.services;
  const [record, terms] = await Promise.allSettled([
    certifiedUser.getCertificationPassingRecord({ id: userId }, { signal }),
    authentication.getTermsOfServiceStatus({ signal }),
  ]);
  const findings: Finding[] = [];
  if (scopes !== undefined) findings.push(ok(`The token has the scopes ${scopes.join(', ')}.`));
  if (record.status === 'fulfilled') {
    const { certified } = checkAnswer('certifiedUser.getCertificationPassingRecord', record.value);
    findings.push(certificationFinding(certified));
  } else if (isMissing(record.reason)) findings.push(certificationFinding(false));
  else findings.push(skipped('Synapse did not say whether the user is certified.'));
  if (terms.status === 'fulfilled') {
    findings.push(...termsFindings(terms.value.userCurrentTermsOfServiceState));
  }
  return findings;
}

function isMissing(error: unknown): boolean {
  return (error as { code?: unknown }).code === 'NOT_FOUND';
}

export function certificationFinding(isCertified: boolean | undefined): Finding {
  return isCertified === true
    ? ok('The user is certified.', { certified: true })
    : note(
        'The user is not certified, and cannot upload files.',
        'Take the quiz at https://www.synapse.org under Account Settings, Certification.',
        { certified: false },
      );
}

const signTerms = 'Log in at https://www.synapse.org and agree to them.';

/** @param state - `UP_TO_DATE`, `MUST_AGREE_NOW` or `MUST_AGREE_SOON`. */
export function termsFindings(state: string | undefined): Finding[] {
  if (state === 'MUST_AGREE_NOW') {
    return [
      problem(
        'You have not agreed to the terms of service: Synapse refuses most requests.',
        signTerms,
      ),
    ];
  }
  if (state === 'MUST_AGREE_SOON') {
    return [note('There are new terms of service.', signTerms)];
  }
  return state === undefined ? [] : [ok('The terms of service are agreed to.')];
}
