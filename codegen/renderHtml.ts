/** The target of a link in the upstream descriptions. */
export type LinkTo = (placeholder: string, text: string) => string;

const TAG =
  /<\/?(?:a|b|i|p|br|ul|ol|li|h\d|pre|code|table|thead|tbody|tr|th|td|em|strong)\b[^>]*>/gi;

/**
 * Upstream's HTML as text for a doc comment: lists as `-`, paragraphs apart, links as Markdown or `{@link}`, no other tags. Only tags
 * that are HTML are taken for some: prose also has `<id>` and `<mask>` in it.
 */
export function renderHtml(html: string, link: LinkTo): string {
  const text = withoutCommas(html)
    .replace(/\s+/g, ' ')
    .replace(/<a\b[^>]*?href="([^"]*)"[^>]*>(.*?)<\/a>/gi, (_, target: string, label: string) =>
      renderLink(target, stripTags(label), link),
    )
    .replace(/ ?<li\b[^>]*> ?/gi, '\n- ')
    .replace(/ ?<(?:pre|code)\b[^>]*> ?(.*?) ?<\/(?:pre|code)> ?/gi, ' `$1` ')
    .replace(/ ?<br ?\/?> ?/gi, '\n')
    .replace(/ ?<\/?(?:p|ul|ol|h\d|table)\b[^>]*> ?/gi, '\n\n')
    .replace(/ ?<tr\b[^>]*> ?/gi, '\n');
  return tidy(decode(stripTags(text)));
}

/**
 * Text and tags of a parameter's prose were joined by commas upstream: `the ID of the ,<a href="...">,Activity,</a>, that was`. In the prose
 * of types they were not, and a comma beside a tag is one.
 */
function withoutCommas(html: string): string {
  const mended = html.replaceAll('<,ahref', '<a href').replace(/",>/g, '">');
  const joined = [...mended.matchAll(TAG)].every(
    ({ index }) => index === 0 || mended[index - 1] === ',',
  );
  if (!joined) return mended;
  return mended.replace(/,(<\w+>),/g, '$1').replace(new RegExp(`,?(${TAG.source}),?`, 'gi'), '$1');
}

function renderLink(target: string, label: string, link: LinkTo): string {
  const text = label.trim();
  const placeholder = /^\$\{(.*)\}$/.exec(target)?.[1];
  if (placeholder !== undefined) return link(placeholder, text);
  if (!/^https?:/.test(target)) return text;
  return text === target || text === '' ? target : `[${text}](${target})`;
}

function stripTags(html: string): string {
  return html.replace(TAG, '');
}

function decode(text: string): string {
  const named: Readonly<Record<string, string>> = {
    lt: '<',
    gt: '>',
    amp: '&',
    quot: '"',
    nbsp: ' ',
  };
  return text
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replace(/&(lt|gt|amp|quot|nbsp);/g, (_, name: string) => named[name] ?? '')
    .replaceAll('*/', '*\\/');
}

function tidy(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .join('\n')
    .replace(/(?<!\n)\n+(?=- )/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
