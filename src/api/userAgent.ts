import { version } from '../version.js';

/** `synapseclient-ts/<version> node/<version>` and the `addition`; `undefined` in a browser, which sends its own. */
export function userAgentFor(addition?: string): string | undefined {
  const { process } = globalThis as { process?: { versions?: { node?: string } } };
  const node = process?.versions?.node;
  if (node === undefined) return undefined;
  return [`synapseclient-ts/${version}`, `node/${node}`, addition].filter((part) => part).join(' ');
}
