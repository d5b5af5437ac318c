import { readCertificates } from '../../net/trust.js';
import { ok, problem, type Check } from './check.js';

const variables = ['SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'NODE_EXTRA_CA_CERTS'];

/** Which certificates are trusted. */
export const certificates: Check = {
  name: 'certificates',
  title: 'Certificates',
  run: async ({ environment }) => {
    if (environment['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') {
      const advice =
        'Unset it. For a proxy that intercepts TLS, set SSL_CERT_FILE to the file with its CA certificate.';
      return [problem('NODE_TLS_REJECT_UNAUTHORIZED=0 makes every connection unsafe.', advice)];
    }
    const set = variables.filter((name) => environment[name] || environment[name.toLowerCase()]);
    try {
      await readCertificates(environment);
    } catch (error) {
      return [problem((error as Error).message, 'Commands that use the network fail before.')];
    }
    const extra = set.map(
      (name) => `${name}=${environment[name] ?? environment[name.toLowerCase()] ?? ''}`,
    );
    if (extra.length === 0) return [ok('Those of Node.js.')];
    return [ok(`Those of Node.js, and ${extra.join(', ')}`)];
  },
};
