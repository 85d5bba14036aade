// Parts of pages that are written by a script. Comes in: Markdown. Goes out: the same, with files and
// generated parts as they are now, so that a page is whole wherever its Markdown is read. Pure, so that it
// can be tested.

/**
 * What a page shows by name.
 * @typedef {{ file: (path: string) => string, part: (name: string) => string }} Sources file: by its path
 * from the page
 */

const parts =
  /^(?<fence>`{3,})(?<language>\w+) from (?<path>\S+)\n[\s\S]*?^\k<fence>$|^<!-- (?<name>[\w ]+): written -->\n[\s\S]*?^<!-- \/\k<name> -->$/gm

/**
 * Write the parts of a page: a block whose fence says `ts from ../file.ts` is that file, and what stands
 * between `<!-- name: written -->` and `<!-- /name -->` is the part of that name.
 * @param {string} markdown @param {Sources} sources
 * @returns {string}
 */
export function withParts(markdown, { file, part }) {
  return markdown.replaceAll(parts, (...found) => {
    const { fence, language, path, name } = found.at(-1)
    return name === undefined
      ? `${fence}${language} from ${path}\n${file(path).trimEnd()}\n${fence}`
      : `<!-- ${name}: written -->\n\n${part(name).trimEnd()}\n\n<!-- /${name} -->`
  })
}
