import { sourceText } from '../../auth/sourceText.js';
import { readClaims } from '../../auth/token.js';
import { note, ok, problem, type Check, type Finding } from './check.js';

const howToLogIn =
  'Make a personal access token at https://www.synapse.org under Account Settings, and save it with `synapse config`. Public data needs none.';

/** Which token a login uses, and where it comes from. */
export const credentials: Check = {
  name: 'credentials',
  title: 'Token',
  run: async (subject) => {
    const { environment, settings, configPath } = subject;
    const { profiles } = settings.config;
    const found = await subject.credentials();
    const known = profiles.length === 0 ? '' : ` Profiles: ${profiles.join(', ')}.`;
    if (found instanceof Error) {
      const isNone = (found as { code?: unknown }).code === 'NO_CREDENTIALS';
      return isNone
        ? [note(`No token is saved.${known}`, howToLogIn, { source: 'none' })]
        : [
            problem(
              found.message,
              'Choose another profile with --profile, or save a token with `synapse config`.',
            ),
          ];
    }
    const from = found.source === 'argument' ? '--password' : sourceText(found, configPath);
    const findings = [
      ok(`From ${from}.${known}`, { source: found.source, profile: found.profile }),
    ];
    if (found.source !== 'environment' && environment['SYNAPSE_AUTH_TOKEN']) {
      const advice = 'Unset it, or remove the other token, if it should be used.';
      findings.push(note(`SYNAPSE_AUTH_TOKEN is also set, but not used.`, advice));
    }
    if (found.source === 'argument' || found.source === 'password') {
      const advice =
        'Other users of this machine can see it: use SYNAPSE_AUTH_TOKEN or `synapse config`.';
      findings.push(note('The secret is on the command line.', advice));
    }
    return [...findings, ...claimFindings(found.token, Date.now())];
  },
};

/** The scopes that most commands need. */
const usualScopes = ['view', 'download', 'modify'];
const soon = 7 * 24 * 3600 * 1000;

/** What the token itself says. @param now - Milliseconds since 1970. */
export function claimFindings(token: string, now: number): Finding[] {
  const { scopes, expiresOn } = readClaims(token);
  const missing = scopes === undefined ? [] : usualScopes.filter((one) => !scopes.includes(one));
  const findings: Finding[] = [];
  if (expiresOn !== undefined) findings.push(expiryFinding(expiresOn, now));
  if (missing.length > 0) {
    const message = `The token lacks the scope ${missing.join(' and ')}.`;
    const advice = 'Make a token with it, if you want to do more than it allows.';
    findings.push(
      missing.includes('view')
        ? problem(message, 'Make a token with the scope view, which every command needs.')
        : note(message, advice),
    );
  }
  return findings;
}

function expiryFinding(expiresOn: Date, now: number): Finding {
  const time = Number.isNaN(expiresOn.getTime()) ? 'an unknown time' : expiresOn.toISOString();
  const left = expiresOn.getTime() - now;
  if (left <= 0)
    return problem(
      `The token expired at ${time}.`,
      'Make a new one, and save it with `synapse config`.',
    );
  const details = { expiresOn: time };
  return left < soon
    ? note(`The token expires at ${time}.`, 'Make a new one before.', details)
    : ok(`The token is valid until ${time}.`, details);
}
