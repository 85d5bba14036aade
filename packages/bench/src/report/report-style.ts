// The page's style. Comes in: nothing. Goes out: CSS for light, dark, narrow and printed pages.
// Source: curve colours after Okabe and Ito (2008), which colour-blind readers can tell apart; dark ones are
// lightened.

/** Style sheet of the report. */
export const REPORT_STYLE = `
:root {
  color-scheme: light dark;
  --page: #fdfdfc; --text: #1d2125; --muted: #5b636b; --line: #dfe2e5; --soft: #f3f4f2; --shade: #0000002e; --accent: #0060a0;
  --curve-0: #b35900; --curve-1: #0072b2; --curve-2: #00795a; --curve-3: #a8437f; --curve-4: #7a6a00; --curve-5: #444b52;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171a; --text: #e6e8ea; --muted: #9aa3ab; --line: #30363c; --soft: #1c2024; --shade: #ffffff3d; --accent: #6cb8f0;
    --curve-0: #f0a040; --curve-1: #56b4e9; --curve-2: #2fc898; --curve-3: #e08fc0; --curve-4: #e8dc50; --curve-5: #c4cad0;
  }
}
* { box-sizing: border-box }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.6 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif }
main { max-width: 74rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem }
h1 { font-size: 1.75rem; line-height: 1.25; margin: 0 0 .25rem; letter-spacing: -.01em }
h2 { font-size: 1.15rem; margin: 2.75rem 0 .75rem }
h3 { font-size: 1rem; margin: 1.5rem 0 .4rem }
p { max-width: 44rem; margin: .5rem 0 }
.lead { color: var(--muted); margin-bottom: 2rem }
code, .lead code { font: .9em ui-monospace, 'SF Mono', Menlo, Consolas, monospace; overflow-wrap: anywhere }
.scroll { overflow-x: auto; background: linear-gradient(to right, var(--page) 40%, transparent) 0 0 / 3rem 100% no-repeat local, linear-gradient(to left, var(--page) 40%, transparent) 100% 0 / 3rem 100% no-repeat local, linear-gradient(to right, var(--shade), transparent) 0 0 / 1rem 100% no-repeat scroll, linear-gradient(to left, var(--shade), transparent) 100% 0 / 1rem 100% no-repeat scroll }
.scroll.more::before { content: 'more to the right: scroll →'; display: block; position: sticky; left: 0; width: max-content; color: var(--accent); font-size: .8125rem }
caption { position: sticky; left: 0; max-width: min(44rem, 90vw) }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: .5rem 0 }
caption { text-align: left; color: var(--muted); font-size: .875rem; padding-bottom: .4rem }
th, td { padding: .4rem 1.1rem .4rem 0; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; vertical-align: top }
th:first-child { text-align: left }
thead th { white-space: normal; vertical-align: bottom; font-weight: 600; font-size: .875rem; color: var(--muted) }
tbody th { font-weight: 600 }
.pairs td { text-align: left; white-space: normal; overflow-wrap: anywhere; font-variant-numeric: normal }
.pairs th { font-weight: 400; color: var(--muted) }
button { font: inherit; color: var(--text); background: var(--soft); border: 1px solid var(--line); border-radius: .4rem; padding: .25rem .75rem; cursor: pointer }
button:focus-visible, summary:focus-visible, .scroll:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
.results { font-size: .875rem } .results td, .results th { padding-right: .8rem }
.small { color: var(--muted); font-size: .8125rem; max-width: none }
.words { margin: .6rem 0; font-size: .875rem } .words { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1rem } .words > div { display: contents } .words dt { font-weight: 600 } .words dd { margin: 0; color: var(--muted); max-width: 44rem }
tr.best > * { background: var(--soft); font-weight: 600 }
a { color: var(--accent) }
a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
.verdict { border-left: 4px solid var(--curve-1); background: var(--soft); padding: .8rem 1.1rem; border-radius: .25rem; margin: 1rem 0 1.5rem }
.verdict p { margin: 0; max-width: none } .verdict strong { font-size: 1.1rem } .verdict ul, .notes { margin: .5rem 0 0; padding-left: 1.2rem }
h2.group { font-size: 1.4rem; border-top: 2px solid var(--line); padding-top: 1.5rem }
.apart { border: 2px solid var(--curve-0); border-radius: .4rem; padding: .5rem 1rem }
.state { border: 1px solid var(--line); border-radius: .4rem; padding: .5rem .8rem }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 1.5rem 2rem; margin: 1rem 0 }
figure { margin: 0; min-width: 0; break-inside: avoid } figure.wide { grid-column: 1 / -1 }
figure h3 { margin: 0 0 .3rem; font-size: .95rem }
figcaption { color: var(--muted); font-size: .8125rem; line-height: 1.45; margin-top: .35rem }
.save { white-space: nowrap }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
.for-narrow { display: none }
/* drawing */
svg.plot { display: block; width: 100%; height: auto; font-family: system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif }
.plot .grid { stroke: var(--line); stroke-width: 1 } .plot .axis { stroke: var(--muted); stroke-width: 1 }
.plot .mark { stroke: var(--muted); stroke-width: 1; stroke-dasharray: 3 3 }
.plot text { fill: var(--muted); font-size: 12px } .plot .end { text-anchor: end } .plot .middle { text-anchor: middle }
.plot .label { font-weight: 600; font-size: 13px }
.plot .line { fill: none; stroke-width: 2.25; stroke-linejoin: round; stroke-linecap: round } .plot .line.dashed { stroke-width: 1.25; stroke-dasharray: 5 4 } .plot .line.thin { stroke-width: 1.25 }
.plot .band { opacity: .16; stroke: none } .plot .dot { stroke: var(--page); stroke-width: 1 }
.plot .c0 { stroke: var(--curve-0); fill: var(--curve-0) } .plot .c1 { stroke: var(--curve-1); fill: var(--curve-1) } .plot .c2 { stroke: var(--curve-2); fill: var(--curve-2) }
.plot .c3 { stroke: var(--curve-3); fill: var(--curve-3) } .plot .c4 { stroke: var(--curve-4); fill: var(--curve-4) } .plot .c5 { stroke: var(--curve-5); fill: var(--curve-5) }
.plot .line { fill: none } .plot .band { stroke: none } .plot text.label { stroke: none } .plot .dot { stroke: var(--page) }
/* end */
@media (max-width: 40rem) {
  main { padding: 1.25rem 1rem 3rem } .for-wide { display: none } .for-narrow { display: block } .plot text, .plot .label { font-size: 14px }
  .words { display: block } .words > div { display: block; padding: .3rem 0 }
  .scroll table:not(.folds) tbody th { position: sticky; left: 0; background: var(--page); max-width: 9rem; overflow-wrap: anywhere; white-space: normal }
  .pairs, .pairs tbody, .pairs tr, .pairs th, .pairs td { display: block; text-align: left } .pairs tr { border-bottom: 1px solid var(--line); padding: .3rem 0 } .pairs th, .pairs td { border: 0; padding: 0; max-width: none !important; position: static !important }
  .folds thead { display: none } .folds, .folds tbody, .folds tr, .folds th, .folds td, .folds caption { display: block; max-width: none }
  .folds tr { border: 1px solid var(--line); border-radius: .4rem; padding: .5rem .7rem; margin: 0 0 .7rem } .folds th, .folds td { border: 0; padding: .1rem 0; white-space: normal }
  .folds td { display: flex; justify-content: space-between; gap: 1rem; text-align: right } .folds td::before { content: attr(data-head); color: var(--muted); text-align: left; font-weight: 400 }
  tr.best > * { background: none } .folds tr.best { background: var(--soft) }
}
.command { display: flex; gap: .6rem; align-items: flex-start } .command pre { margin: 0; flex: 1; min-width: 0; background: var(--soft); padding: .5rem .8rem; border-radius: .4rem; white-space: pre-wrap; overflow-wrap: anywhere }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: 0 1.5rem } .pair > div { min-width: 0 } h4 { margin: .2rem 0; font-size: .8125rem; font-weight: 600; color: var(--muted) }
blockquote { margin: .25rem 0 1rem; padding: .75rem 1rem; background: var(--soft); border-left: 3px solid var(--line); white-space: pre-wrap; overflow-wrap: anywhere; font-family: Georgia, 'Times New Roman', serif }
details { margin: 1rem 0 } summary { cursor: pointer; color: var(--accent) }
footer { margin-top: 3rem; color: var(--muted); font-size: .8125rem }
@media print {
  :root { color-scheme: light; --page: #fff; --text: #000; --muted: #444; --line: #ccc; --soft: #f4f4f4; --accent: #003a66; --curve-0: #b35900; --curve-1: #0072b2; --curve-2: #00795a; --curve-3: #a8437f; --curve-4: #7a6a00; --curve-5: #444b52 }
  html { font-size: 11px } body { font-size: 1rem; line-height: 1.45 } main { max-width: none; padding: 0 } .results td { white-space: nowrap } .results td:last-child { white-space: normal } .save, button, .scroll.more::before { display: none } .figures { grid-template-columns: 1fr 1fr } .for-wide { display: block } .for-narrow { display: none }
  .scroll { overflow: visible; background: none } th, td { white-space: normal; padding-right: .5rem } caption { max-width: none } tr, figure, .verdict, .pair > div { break-inside: avoid } h2, h3 { break-after: avoid } thead { display: table-header-group }
  details > summary { list-style: none; color: var(--text); font-weight: 600 }
  .many thead { display: none } .many, .many tbody, .many caption { display: block } .many tr { display: block; padding: .25rem 0; border-bottom: 1px solid var(--line) } .many th, .many td { display: inline-block; border: 0; padding: 0 .9rem 0 0; text-align: left } .many th { min-width: 7rem } .many td::before { content: attr(data-head) ' '; color: var(--muted); font-weight: 400 }
}
`
