// Characters that a terminal obeys, that change the direction of text, or that cannot be seen. Variation selectors stay: they make emoji.
const unsafe =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}](?<![\ufe00-\ufe0f])/gu;

/** The number of characters of a name that is shown; Synapse allows 256. */
const longest = 256;

/** A name from Synapse, safe to show within a line: unsafe characters become escapes, and the rest of a very long one is left out. */
export function plainName(name: string): string {
  const short = name.length <= longest ? name : `${name.slice(0, longest)}...`;
  return short.replace(unsafe, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16);
    return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
  });
}
