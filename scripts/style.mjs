// Style rules of the repository, those that a formatter and a linter leave open. Comes in: source texts, the
// formatter's width. Goes out: violations, each with file and line. Pure. Source: CONTRIBUTING.md, "Style".
import ts from 'typescript'

/** @typedef {import('./layers.mjs').SourceText} SourceText */
/** @typedef {import('./layers.mjs').Violation} Violation */

/** Longest header, in lines. */
export const LONGEST_HEADER = 5

const upperCase = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*$/
// An underscore between digits is part of a name that others gave, such as q4_0.
const camelCase = /^[a-z][A-Za-z0-9]*(?:(?<=\d)_\d[A-Za-z0-9]*)?$/
const sourceFile = /^(?:packages\/[^/]+|benchmarks)\/src\/.*(?<!\.test)\.[jt]s$/

/**
 * List what breaks the rules: in all files comment lines that are wider than the formatter's width; in
 * sources, not tests, headers that do not say what comes in and goes out, and constants in the wrong case.
 * @param {readonly SourceText[]} sources
 * @param {number} width
 * @returns {readonly Violation[]}
 */
export function checkStyle(sources, width) {
  return sources.flatMap((source) => {
    const file = source.path
    const tree = ts.createSourceFile(file, source.text, ts.ScriptTarget.ES2022, true)
    const found = [
      ...wideComments(tree, width),
      ...(sourceFile.test(file) ? [...checkHeader(tree), ...checkConstants(tree)] : []),
    ]
    return found.map((problem) => ({ file, ...problem }))
  })
}

/** @typedef {{ readonly line: number, readonly message: string }} Problem */

/** @param {ts.SourceFile} tree @param {number} width @returns {Problem[]} */
function wideComments(tree, width) {
  const lines = tree.text.split(/\r?\n/)
  if (!lines.some((line) => line.length > width)) return []
  const rows = new Set(commentsOf(tree).flatMap(({ pos, end }) => rowsOf(tree, pos, end)))
  return lines.flatMap((line, i) =>
    rows.has(i) && line.length > width && !isUnbreakable(line)
      ? {
          line: i + 1,
          message: `a comment on a line of ${line.length} columns, expected at most ${width}: break it`,
        }
      : [],
  )
}

/** @param {ts.SourceFile} tree @param {number} pos @param {number} end @returns {number[]} counted from 0 */
function rowsOf(tree, pos, end) {
  const first = tree.getLineAndCharacterOfPosition(pos).line
  const last = tree.getLineAndCharacterOfPosition(end).line
  return Array.from({ length: last - first + 1 }, (_, i) => first + i)
}

/** @param {string} line a line with a comment: one word, such as an address, or a row of a table */
function isUnbreakable(line) {
  const text = line.replace(/^\s*(?:\/\/|\/\*\*?|\*)\s*/, '').replace(/\s*\*\/$/, '')
  return text.startsWith('|') || !/\s/.test(text)
}

/** @param {ts.SourceFile} tree @returns {ts.CommentRange[]} none of what looks like a comment in texts */
function commentsOf(tree) {
  /** @type {Map<number, ts.CommentRange>} */ const found = new Map()
  /** @param {ts.Node} node */
  const visit = (node) => {
    const children = node.getChildren(tree).filter((child) => !ts.isJSDoc(child))
    for (const child of children) visit(child)
    if (children.length > 0) return
    const before = ts.getLeadingCommentRanges(tree.text, node.pos) ?? []
    for (const comment of [...before, ...(ts.getTrailingCommentRanges(tree.text, node.end) ?? [])])
      found.set(comment.pos, comment)
  }
  visit(tree)
  return [...found.values()]
}

/** @param {ts.SourceFile} tree @returns {Problem[]} */
function checkHeader(tree) {
  const lines = tree.text.split(/\r?\n/)
  const start = tree.text.startsWith('#!') ? 1 : 0
  const end = lines.findIndex((line, i) => i >= start && !line.startsWith('//'))
  const header = lines.slice(start, end < 0 ? lines.length : end)
  const isIndex = /(?:^|\/)(?:index|internal)\.[jt]s$/.test(tree.fileName)
  const most = isIndex ? 1 : LONGEST_HEADER
  if (header.length < 1 || header.length > most) {
    const expected = isIndex ? '1, as of every index' : `1 to ${most}`
    return [{ line: start + 1, message: `a header of ${header.length} lines with //, expected ${expected}` }]
  }
  const text = header.map((line) => line.slice(2)).join('')
  return ['Comes in:', 'Goes out:']
    .filter((words) => !isIndex && !text.includes(words))
    .map((words) => ({ line: start + 1, message: `the header does not say '${words}'` }))
}

/** @param {ts.SourceFile} tree @returns {Problem[]} */
function checkConstants(tree) {
  /** @type {Set<string>} */ const plain = new Set()
  /** @type {Problem[]} */ const problems = []
  const statements = tree.statements.filter(ts.isVariableStatement)
  for (const { declarationList, modifiers } of statements) {
    const isAmbient = modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword)
    if (isAmbient || !(declarationList.flags & ts.NodeFlags.Const)) continue
    for (const [name, value] of declarationList.declarations.flatMap(named)) {
      const isPlain = value !== undefined && isNumberOrText(value, plain)
      if (isPlain) plain.add(name.text)
      if ((isPlain ? upperCase : camelCase).test(name.text)) continue
      const message = isPlain
        ? `'${name.text}' is a number or a text: expected UPPER_CASE`
        : `'${name.text}' is neither a number nor a text: expected camelCase`
      problems.push({ line: tree.getLineAndCharacterOfPosition(name.getStart(tree)).line + 1, message })
    }
  }
  return problems
}

/**
 * List the names of a declaration with their values, `const [a, b] = [1, 2]` included.
 * @param {ts.VariableDeclaration} declaration
 * @returns {(readonly [ts.Identifier, ts.Expression | undefined])[]}
 */
function named({ name, initializer }) {
  if (ts.isIdentifier(name)) return [[name, initializer]]
  const list = initializer && ts.isAsExpression(initializer) ? initializer.expression : initializer
  const values = list && ts.isArrayLiteralExpression(list) ? list.elements : undefined
  return name.elements.flatMap((element, i) =>
    ts.isBindingElement(element) && ts.isIdentifier(element.name)
      ? [/** @type {const} */ ([element.name, ts.isArrayBindingPattern(name) ? values?.[i] : undefined])]
      : [],
  )
}

/**
 * Tell whether a value is a number or a text by its form: a literal, or made of literals and of such names by
 * operators and by Math.
 * @param {ts.Expression} value
 * @param {ReadonlySet<string>} plain constants of this file that are
 * @returns {boolean}
 */
function isNumberOrText(value, plain) {
  const is = (/** @type {ts.Expression} */ part) => isNumberOrText(part, plain)
  if (ts.isNumericLiteral(value) || ts.isBigIntLiteral(value) || ts.isStringLiteralLike(value)) return true
  if (ts.isTemplateExpression(value)) return true
  if (ts.isIdentifier(value)) return plain.has(value.text) || upperCase.test(value.text)
  if (ts.isPrefixUnaryExpression(value)) return is(value.operand)
  if (ts.isBinaryExpression(value)) return is(value.left) && is(value.right)
  if (ts.isConditionalExpression(value)) return is(value.whenTrue) && is(value.whenFalse)
  if (ts.isParenthesizedExpression(value) || ts.isAsExpression(value)) return is(value.expression)
  if (ts.isPropertyAccessExpression(value)) return /^(?:Math|Number)\.[A-Z]/.test(value.getText())
  return (
    ts.isCallExpression(value) &&
    /^Math\.\w+$/.test(value.expression.getText()) &&
    value.arguments.every((argument) => is(argument))
  )
}
