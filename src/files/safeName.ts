import { ArgumentError } from '../errors.js';

/**
 * Separators, control characters, line separators, lone halves of characters, and what cannot be seen: marks that reverse the
 * direction of text, characters without width, tags, variation selectors. Two names that look the same should be the same.
 */
const unsafe = /[/\\\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;

const joinedScripts =
  'Arabic Syriac Mongolian Devanagari Bengali Gurmukhi Gujarati Oriya Tamil Telugu Kannada Malayalam Sinhala'
    .split(' ')
    .map((script) => `\\p{Script=${script}}`)
    .join('');

/** Invisible characters that are part of what can be seen. */
const needed = new RegExp(
  [
    // The selector of the colored form of an emoji, or of a keycap.
    '(?<=\\p{Extended_Pictographic})\\ufe0f',
    '(?<=[0-9#*])\\ufe0f(?=\\u20e3)',
    // The joiners of emoji, and of scripts whose letters connect.
    '(?<=[\\p{Extended_Pictographic}\\p{Emoji_Modifier}\\ufe0f])\\u200d(?=\\p{Extended_Pictographic})',
    `(?<=[${joinedScripts}])[\\u200c\\u200d](?=[${joinedScripts}])`,
  ].join('|'),
  'gu',
);

const illegalOnWindows = /[<>:"|?*]/g;

/** Windows opens a device instead of a file with one of these names, whatever the extension. */
const deviceName = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\..*)?$/i;

/** Bytes that every common file system allows. */
const maximumBytes = 255;

/** Characters of a name in a message. */
const longestShown = 300;

/**
 * Makes a file name from a server safe: the file cannot end up in another folder, and the name shows what it is. Unsafe
 * characters become `_`.
 * @throws ArgumentError when the name cannot be a file name on this system
 */
export function safeName(name: string, platform: NodeJS.Platform = process.platform): string {
  const windows = platform === 'win32';
  const kept = new Set(Array.from(name.matchAll(needed), ({ index }) => index));
  let safe = name.replace(unsafe, (character, index: number) =>
    kept.has(index) ? character : '_',
  );
  if (windows) safe = safe.replace(illegalOnWindows, '_');
  const problem = findProblem(safe, windows);
  if (problem === undefined) return safe;
  throw new ArgumentError(
    `The name ${JSON.stringify(shortened(safe))} cannot be used for a local file or folder: ${problem}. Give it another name in Synapse.`,
  );
}

/** Shortens a name for a message: a server can send one of a million characters. */
export function shortened(name: string): string {
  return name.length <= longestShown ? name : `${name.slice(0, longestShown)}...`;
}

function findProblem(name: string, windows: boolean): string | undefined {
  if (name === '' || name === '.' || name === '..') return 'it names no file';
  if (Buffer.byteLength(name) > maximumBytes) return `it is longer than ${maximumBytes} bytes`;
  if (!windows) return undefined;
  if (deviceName.test(name)) return 'Windows keeps it for a device';
  if (/[. ]$/.test(name)) return 'Windows does not allow a dot or a space at the end';
  return undefined;
}
