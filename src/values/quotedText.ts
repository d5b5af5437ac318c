/** The number of characters of a text that a message shows. */
const longest = 300;

/** A text in quotes for a message, of bounded length: the beginning of a longer text, and its length. */
export function quotedText(text: string): string {
  return text.length <= longest
    ? JSON.stringify(text)
    : `${JSON.stringify(text.slice(0, longest))}... (${text.length} characters)`;
}
