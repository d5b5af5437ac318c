/** A program, and its arguments. */
export interface BrowserCommand {
  command: string;
  args: string[];
  /** Whether it runs in the terminal, so that it has to be waited for. */
  isText: boolean;
}

interface Surroundings {
  platform: NodeJS.Platform;
  environment: Readonly<Record<string, string | undefined>>;
}

/** Browsers that run in a terminal. */
const textBrowsers = /(?:^|[\\/])(?:www-browser|links2?|elinks|lynx|w3m|browsh)$/;

/**
 * The program that shows a page: `$BROWSER`, or the one of the desktop. No shell is involved.
 *
 * @returns `undefined` where there is no desktop.
 */
export function browserCommand(
  url: string,
  { platform, environment }: Surroundings,
): BrowserCommand | undefined {
  const chosen = environment['BROWSER']?.trim();
  if (chosen === 'none') return undefined;
  if (chosen) return fromVariable(chosen, url, platform);
  if (platform === 'darwin') {
    // Over SSH, it would open on the screen of another person.
    return environment['SSH_CONNECTION']
      ? undefined
      : { command: 'open', args: [url], isText: false };
  }
  if (platform === 'win32') {
    // `start` is a command of a shell, which would take `&` in the address for the end of a command.
    return { command: 'rundll32', args: ['url.dll,FileProtocolHandler', url], isText: false };
  }
  if (environment['WSL_DISTRO_NAME']) return { command: 'wslview', args: [url], isText: false };
  const hasDisplay = environment['DISPLAY'] || environment['WAYLAND_DISPLAY'];
  return hasDisplay ? { command: 'xdg-open', args: [url], isText: false } : undefined;
}

/** `$BROWSER` is a list of command lines, as for other programs. The first one is used; `%s` stands for the address. */
function fromVariable(chosen: string, url: string, platform: NodeJS.Platform): BrowserCommand {
  const [first = ''] = platform === 'win32' ? [chosen] : chosen.split(':');
  // A path with spaces cannot be told from arguments, but on Windows it is common.
  const [command = '', ...given] = platform === 'win32' ? [first] : first.split(/\s+/);
  const hasPlace = given.some((word) => word.includes('%s'));
  const args = hasPlace ? given.map((word) => word.replaceAll('%s', () => url)) : [...given, url];
  return { command, args, isText: textBrowsers.test(command) };
}
