/** A text without any of the given characters at its beginning and end, in linear time. */
export function trimCharacters(text: string, characters: string): string {
  return trimEndCharacters(text, characters).slice(countLeading(text, characters));
}

/** A text without any of the given characters at its end, in linear time. */
export function trimEndCharacters(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

function countLeading(text: string, characters: string): number {
  let start = 0;
  while (start < text.length && characters.includes(text.charAt(start))) start += 1;
  return start;
}
