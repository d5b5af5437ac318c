/** Characters of a path that a message shows. */
const longestPath = 80;

/** A request in the words of a message: its method and path. The whole URL is a property of the error. */
export function requestLine(method: string, url: string): string {
  const path = URL.canParse(url) ? new URL(url).pathname : (url.split(/[?#]/, 1)[0] ?? '');
  const shown = path.length > longestPath ? `${path.slice(0, longestPath)}…` : path;
  return `${method} ${shown}`;
}

/** An address without its query, short enough for a message. */
export function shortAddress(url: string): string {
  if (!URL.canParse(url))
    return `${url.slice(0, longestPath)}${url.length > longestPath ? '…' : ''}`;
  const { protocol, host, pathname } = new URL(url);
  const path = pathname.length > longestPath ? `${pathname.slice(0, longestPath)}…` : pathname;
  return `${protocol}//${host}${path}`;
}
