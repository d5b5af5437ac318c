import { printable } from '../printable.js';
import { textWidth } from '../textWidth.js';

/** The widest description that is shown. */
const widest = 60;

/** Makes a text from Synapse a short line without characters that a terminal obeys. */
export function oneLine(text: string): string {
  const characters = Array.from(printable(text.slice(0, 4 * widest)));
  let width = 0;
  const end = characters.findIndex((character) => (width += textWidth(character)) > widest);
  return end === -1 ? characters.join('') : `${characters.slice(0, end - 1).join('')}…`;
}

/** The first sentence of a description, without the full stop. */
export function firstSentence(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const [line = ''] = text.split('\n', 1);
  const [sentence = ''] = line.split('. ', 1);
  return oneLine(sentence.endsWith('.') ? sentence.slice(0, -1) : sentence);
}
