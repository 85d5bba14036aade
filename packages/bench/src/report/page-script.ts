// The page's own script: saves drawings and copies the command. Comes in: the page. Goes out: nothing that is
// needed to read it.
// Source: text, not a function: a function's text depends on how this file was compiled.

/** Shows the links and buttons that need a script, and makes them work. */
export const PAGE_SCRIPT = `
(() => {
  const variables = (style) => [...style.matchAll(/--[\\w-]+/g)].map(([name]) => name)
  const css = document.querySelector('style').textContent
  for (const link of document.querySelectorAll('.svg-link')) {
    link.hidden = false
    link.addEventListener('click', () => {
      const figure = link.closest('figure')
      const drawing = [...figure.querySelectorAll('svg')].find((svg) => svg.getClientRects().length > 0)
      const copy = drawing.cloneNode(true)
      const { width, height } = drawing.viewBox.baseVal
      copy.setAttribute('width', width)
      copy.setAttribute('height', height)
      const now = getComputedStyle(document.documentElement)
      const values = [...new Set(variables(css))].map((name) => name + ':' + now.getPropertyValue(name)).join(';')
      const style = document.createElementNS('http://www.w3.org/2000/svg', 'style')
      style.textContent = 'svg{' + values + ';background:var(--page)}' + (css.match(/\\/\\* drawing \\*\\/[^]*?\\/\\* end \\*\\//) || [''])[0]
      copy.prepend(style)
      link.href = 'data:image/svg+xml;charset=utf-8,' + encodeURIComponent(new XMLSerializer().serializeToString(copy))
    })
  }
  for (const button of document.querySelectorAll('button.copy')) {
    button.hidden = false
    button.addEventListener('click', async () => {
      const source = button.parentElement.querySelector('code')
      try { await navigator.clipboard.writeText(source.textContent) }
      catch {
        getSelection().selectAllChildren(source)
        document.execCommand('copy')
      }
      button.textContent = 'copied'
      setTimeout(() => { button.textContent = 'copy' }, 2000)
    })
  }
})()
`
