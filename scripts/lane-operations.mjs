// What a lane can do. Comes in: the interface `Lane` of the core package, by its source. Goes out: a table of
// its operations in Markdown, in the words of their comments.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { markdownTable } from './markdown-table.mjs'
import { root } from './spawn.mjs'

const source = 'packages/core/src/lanes/lane.ts'

/** What stands above the table. */
const words =
  "Below `a` is a lane; `b`, `yes` and `no` are lanes or numbers. A number is not a lane: a constant is `a.mul(0).add(0.5)`, one minus `a` is `a.mul(-1).add(1)`. JavaScript's own `-`, `<`, `if` and `Math` see no weights: the formula runs once, and what it says is compiled."

/** @returns {string} a table with a row for each method of `Lane` */
export function laneOperations() {
  const file = ts.createSourceFile(
    source,
    readFileSync(join(root, source), 'utf8'),
    ts.ScriptTarget.ES2022,
    true,
  )
  const lane = file.statements.find((each) => ts.isInterfaceDeclaration(each) && each.name.text === 'Lane')
  if (lane === undefined || !ts.isInterfaceDeclaration(lane))
    throw new Error(`${source}: expected an interface Lane, found none`)
  const rows = lane.members.filter(ts.isMethodSignature).map((member) => {
    const names = member.parameters.map((parameter) => parameter.name.getText()).join(', ')
    const told = ts.getTextOfJSDocComment(ts.getJSDocCommentsAndTags(member)[0]?.comment) ?? ''
    return [`\`a.${member.name.getText()}(${names})\``, cell(told)]
  })
  return `${words}\n\n${markdownTable(['written', 'is'], rows)}`
}

/** @param {string} told by a comment about `this` @returns {string} about a, as a cell has it */
const cell = (told) =>
  told
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\bthis\b/g, 'a')
    .replaceAll('|', '\\|')
    .replace(/\.$/, '')
