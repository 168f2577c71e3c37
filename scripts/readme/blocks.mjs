// The blocks of README.md that `npm run readme` writes: what stands between `<!-- made by npm run readme: NAME -->` and
// `<!-- end of NAME -->`.

const pattern = (name) =>
  new RegExp(`(<!-- made by npm run readme: ${name} -->\\n)([\\s\\S]*?)(<!-- end of ${name} -->)`);

/** What the block `name` of `text` holds; undefined when there is none. */
export const readBlock = (text, name) => pattern(name).exec(text)?.[2].trim();

/** `text` with other content in the block `name`. Throws when there is none. */
export function writeBlock(text, name, content) {
  if (readBlock(text, name) === undefined) throw new Error(`README.md has no block "${name}"`);
  return text.replace(pattern(name), (_, start, __, end) => `${start}\n${content}\n\n${end}`);
}
