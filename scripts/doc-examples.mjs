// Examples in doc comments. Comes in: the text of a source file. Goes out: the code of each `@example`, with
// what it stands at and its line. Pure, so that it can be tested.
import ts from 'typescript'

/**
 * @typedef {{ readonly name: string, readonly line: number, readonly code: string }} Example
 * @typedef {{ readonly examples: readonly Example[], readonly malformed: readonly { readonly name: string,
 * readonly line: number }[] }} Found
 */

/**
 * Find the examples of a file; malformed are those that are not one fenced block of `ts`.
 * @param {string} path @param {string} text
 * @returns {Found}
 */
export function examplesOf(path, text) {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  /** @type {Example[]} */
  const examples = []
  /** @type {Example[]} */
  const malformed = []
  for (const statement of source.statements) {
    const name = nameOf(statement)
    for (const tag of ts.getJSDocTags(statement)) {
      if (tag.tagName.text !== 'example' || name === undefined) continue
      const comment = text.slice(tag.getStart(), tag.getEnd()).replaceAll(/^ *\* ?/gm, '')
      const line = source.getLineAndCharacterOfPosition(tag.getStart()).line + 1
      const code = /^@example\s*\n```ts\n([\s\S]*?)^```\s*(?:\*?\/?\s*)?$/m.exec(comment)?.[1]
      if (code === undefined) malformed.push({ name, line, code: comment })
      else examples.push({ name, line, code })
    }
  }
  return { examples, malformed }
}

/** @param {ts.Statement} statement */
function nameOf(statement) {
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations[0]?.name.getText()
  const { name } = /** @type {{ name?: ts.Identifier }} */ (/** @type {unknown} */ (statement))
  return name?.text
}
