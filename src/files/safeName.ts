import { ArgumentError } from '../errors.js';

/** Separators, control characters, and marks that reverse the direction of text. */
const unsafe = /[/\\\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;

const illegalOnWindows = /[<>:"|?*]/g;

/** Windows opens a device instead of a file with one of these names, whatever the extension. */
const deviceName = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\..*)?$/i;

/** Bytes that every common file system allows. */
const maximumBytes = 255;

/**
 * Makes a file name from a server safe: the file cannot end up in another folder, and the name can be printed on a
 * terminal. Unsafe characters become `_`.
 * @throws ArgumentError when the name cannot be a file name on this system
 */
export function safeName(name: string, platform: NodeJS.Platform = process.platform): string {
  const windows = platform === 'win32';
  let safe = name.replace(unsafe, '_');
  if (windows) safe = safe.replace(illegalOnWindows, '_');
  const problem = findProblem(safe, windows);
  if (problem === undefined) return safe;
  throw new ArgumentError(
    `The file name ${JSON.stringify(safe)} cannot be used here: ${problem}. Give the file another name.`,
  );
}

function findProblem(name: string, windows: boolean): string | undefined {
  if (name === '' || name === '.' || name === '..') return 'it names no file';
  if (Buffer.byteLength(name) > maximumBytes) return `it is longer than ${maximumBytes} bytes`;
  if (!windows) return undefined;
  if (deviceName.test(name)) return 'Windows keeps it for a device';
  if (/[. ]$/.test(name)) return 'Windows does not allow a dot or a space at the end';
  return undefined;
}
