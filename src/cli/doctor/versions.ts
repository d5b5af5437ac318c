import { note, ok, problem, type Check, type Finding } from './check.js';

/** `engines` in package.json. */
export const oldestNode = '20.19';

export const versions: Check = {
  name: 'versions',
  title: 'Versions',
  run: ({ version }) => [
    nodeFinding(process.versions.node, `synapse ${version}, ${process.platform} ${process.arch}`),
  ],
};

/** Whether this version of Node.js runs the client. */
export function nodeFinding(node: string, about: string): Finding {
  const [major = 0, minor = 0] = numbersOf(node);
  const [oldestMajor = 0, oldestMinor = 0] = numbersOf(oldestNode);
  const details = { node, platform: process.platform, arch: process.arch };
  const message = `Node.js ${node}, ${about}`;
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
    const advice = `Install Node.js ${oldestNode} or later, from https://nodejs.org.`;
    return problem(`${message}: this Node.js is too old.`, advice, details);
  }
  // Odd versions get no fixes after half a year.
  if (major % 2 === 1) {
    const advice = 'Prefer a version with long-term support, from https://nodejs.org.';
    return note(`${message}: this Node.js has no long-term support.`, advice, details);
  }
  return ok(message, details);
}

function numbersOf(version: string): number[] {
  return version.split('.').map(Number);
}
