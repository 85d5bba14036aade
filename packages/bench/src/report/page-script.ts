// The page's own script: saves drawings, copies the command, opens all for print, stays where it was when the
// page is loaded again. Comes in: the page. Goes out: nothing that is needed to read it.
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
      const drawing = [...figure.querySelectorAll('svg.plot')].find((svg) => svg.getClientRects().length > 0)
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
  const details = [...document.querySelectorAll('details')]
  let closed = []
  addEventListener('beforeprint', () => {
    closed = details.filter((each) => !each.open)
    for (const each of closed) each.open = true
  })
  addEventListener('afterprint', () => { for (const each of closed) each.open = false })
  const regions = [...document.querySelectorAll('.scroll')]
  const mark = () => {
    for (const region of regions)
      region.classList.toggle('more', region.scrollLeft + region.clientWidth < region.scrollWidth - 2)
  }
  for (const region of regions) region.addEventListener('scroll', mark, { passive: true })
  for (const each of details) each.addEventListener('toggle', mark)
  addEventListener('resize', mark)
  if (document.querySelector('meta[http-equiv=refresh]')) {
    const place = 'lotion ' + location.pathname
    const nameOf = (each) => each.querySelector('summary').textContent
    const reached = [...document.querySelectorAll('summary, a, button, .scroll')]
    try {
      const kept = JSON.parse(sessionStorage.getItem(place))
      if (kept) {
        for (const each of details) if (kept.open.includes(nameOf(each))) each.open = true
        regions.forEach((region, i) => { region.scrollLeft = kept.aside[i] || 0 })
        if (kept.focus >= 0 && reached[kept.focus]) reached[kept.focus].focus({ preventScroll: true })
        history.scrollRestoration = 'manual'
        scrollTo({ left: 0, top: kept.top, behavior: 'instant' })
      }
    } catch {}
    addEventListener('pagehide', () => {
      const open = details.filter((each) => each.open).map(nameOf)
      const aside = regions.map((region) => region.scrollLeft)
      const focus = reached.indexOf(document.activeElement)
      try { sessionStorage.setItem(place, JSON.stringify({ top: scrollY, open, aside, focus })) } catch {}
    })
  }
  mark()
})()
`
