import { existsSync } from 'node:fs'
import { createMarkdownRenderer } from 'vitepress'
import { describe, expect, it } from 'vitest'
import { figureFiles } from './figures.js'
import { pageRules } from './pages.js'

describe('pageRules', () => {
  it('puts the live figure where the repository shows its picture', async () => {
    const md = await createMarkdownRenderer('docs')
    pageRules(md)
    const page = { relativePath: 'docs/guide/lotion.md' }
    for (const [file, name] of Object.entries(figureFiles)) {
      expect(existsSync(new URL(`theme/${name}.vue`, import.meta.url))).toBe(true)
      expect(existsSync(new URL(`../pictures/${file}`, import.meta.url))).toBe(true)
      expect(md.render(`A figure:\n\n![words](../pictures/${file})\n`, page)).toBe(
        `<p>A figure:</p>\n<${name} />\n`,
      )
    }
    expect(md.render('![words](../pictures/terminal.svg)\n', page)).toContain('<img')
  })
})
