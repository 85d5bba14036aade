// The page's style. Comes in: nothing. Goes out: CSS for light, dark, narrow and printed pages.
// Source: curve colours after Okabe and Ito (2008), which colour-blind readers can tell apart; dark ones are
// lightened.

/** Style sheet of the report. */
export const REPORT_STYLE = `
:root {
  color-scheme: light dark;
  --page: #fdfdfc; --text: #1d2125; --muted: #5b636b; --line: #dfe2e5; --soft: #f3f4f2; --accent: #0060a0;
  --curve-0: #b35900; --curve-1: #0072b2; --curve-2: #00795a; --curve-3: #a8437f; --curve-4: #7a6a00; --curve-5: #444b52;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171a; --text: #e6e8ea; --muted: #9aa3ab; --line: #30363c; --soft: #1c2024; --accent: #6cb8f0;
    --curve-0: #f0a040; --curve-1: #56b4e9; --curve-2: #2fc898; --curve-3: #e08fc0; --curve-4: #e8dc50; --curve-5: #c4cad0;
  }
}
* { box-sizing: border-box }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.6 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif }
main { max-width: 60rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem }
h1 { font-size: 1.75rem; line-height: 1.25; margin: 0 0 .25rem; letter-spacing: -.01em }
h2 { font-size: 1.15rem; margin: 2.75rem 0 .75rem }
h3 { font-size: 1rem; margin: 1.5rem 0 .4rem }
p { max-width: 44rem; margin: .5rem 0 }
.lead { color: var(--muted); margin-bottom: 2rem }
code, .lead code { font: .9em ui-monospace, 'SF Mono', Menlo, Consolas, monospace; overflow-wrap: anywhere }
.scroll { overflow-x: auto }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: .5rem 0 }
caption { text-align: left; color: var(--muted); font-size: .875rem; padding-bottom: .4rem }
th, td { padding: .4rem 1.1rem .4rem 0; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; vertical-align: top }
th:first-child { text-align: left }
thead th { white-space: normal; vertical-align: bottom; font-weight: 600; font-size: .875rem; color: var(--muted) }
tbody th { font-weight: 600 }
.pairs td { text-align: left; white-space: normal; overflow-wrap: anywhere; font-variant-numeric: normal }
.pairs th { font-weight: 400; color: var(--muted) }
#chart { min-height: 1px; margin-top: .5rem }
#chart-controls { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; color: var(--muted); font-size: .875rem }
#chart-controls[hidden] { display: none }
button { font: inherit; color: var(--text); background: var(--soft); border: 1px solid var(--line); border-radius: .4rem; padding: .25rem .75rem; cursor: pointer }
button[aria-pressed='true'] { border-color: var(--accent); color: var(--accent) }
button:focus-visible, summary:focus-visible, .scroll:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
.uplot { font: inherit; width: 100% }
.uplot .u-legend { font-size: .8125rem; text-align: left; margin-top: .25rem }
.uplot .u-legend th, .uplot .u-legend td { border: 0; padding: .1rem .3rem; white-space: nowrap; font-weight: 400 }
.uplot .u-legend .u-series { margin-right: .9rem }
.uplot .u-legend .u-value { font-variant-numeric: tabular-nums; min-width: 3.5em; display: inline-block; text-align: left }
.uplot .u-select { background: color-mix(in srgb, var(--accent) 15%, transparent) }
blockquote { margin: .25rem 0 1rem; padding: .75rem 1rem; background: var(--soft); border-left: 3px solid var(--line); white-space: pre-wrap; overflow-wrap: anywhere; font-family: Georgia, 'Times New Roman', serif }
details { margin: 1rem 0 } summary { cursor: pointer; color: var(--accent) }
footer { margin-top: 3rem; color: var(--muted); font-size: .8125rem }
@media print { #chart-controls { display: none } body { font-size: 12px } }
`
