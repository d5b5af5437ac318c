import { badRequest } from '../kernel/serviceError.js';

/** The portals that links of the service may lead to. */
const portalDomains = ['synapse.org', 'sagebase.org', 'sagebionetworks.org'];
const localHosts: ReadonlySet<string> = new Set(['localhost', '127.0.0.1']);

/** Checks that a link leads to a portal of the service, or to this machine. @throws 400 */
export function checkPortalLink(link: string): string {
  if (!URL.canParse(link) || !/^[a-z][a-z\d+.-]{0,20}:\/\//i.test(link)) {
    throw badRequest(
      `The provided endpoint creates an invalid URL with exception: java.net.MalformedURLException: no protocol: ${link}`,
    );
  }
  const host = new URL(link).hostname.toLowerCase();
  if (localHosts.has(host)) {
    return link;
  }
  if (!host.includes('.') || /^[\d.]+$/.test(host)) {
    throw badRequest('The provided endpoint does not contain a valid base domain.');
  }
  if (!portalDomains.some((domain) => host === domain || host.endsWith(`.${domain}`))) {
    throw badRequest('The provided parameter is not a valid Synapse endpoint.');
  }
  return link;
}
