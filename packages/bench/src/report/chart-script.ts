// The page's own script. Comes in: chart data in the page, uPlot. Goes out: the chart, redrawn for size and
// colour scheme.
// Source: uPlot's documentation. Text, not a function: a function's text depends on how this file was
// compiled.

/**
 * Draws the chart into `#chart` from the JSON in `#chart-data`. Colours come from the style's variables
 * `--curve-0` … so that light and dark are the style's matter alone; the name of each method stands at the
 * end of its curve.
 */
export const CHART_SCRIPT = `
(() => {
  const data = JSON.parse(document.getElementById('chart-data').textContent)
  const holder = document.getElementById('chart')
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const reduced = [data.at, ...data.curves.map((curve) => curve.values)]
  let plot
  let focused = true

  const size = () => ({ width: Math.max(280, holder.clientWidth), height: Math.max(260, Math.min(460, holder.clientWidth * 0.52)) })
  const short = (value) => value >= 1e6 ? +(value / 1e6).toPrecision(3) + 'M' : value >= 1e3 ? +(value / 1e3).toPrecision(3) + 'k' : String(value)

  // The height of a curve at the right edge, on the line between its points.
  function valueAt(curve, x) {
    let before = null
    for (let i = 0; i < data.at.length; i++) {
      const value = curve.values[i]
      if (value === null) continue
      const at = data.at[i]
      if (at > x) return before && before.value + (value - before.value) * (x - before.at) / (at - before.at)
      before = { at, value }
    }
    return before && before.value
  }

  function labels(u) {
    const ratio = devicePixelRatio
    const ends = []
    data.curves.forEach((curve, i) => {
      if (curve.kind !== 'nearest' || !u.series[i + 1].show) return
      const value = valueAt(curve, u.scales.x.max)
      if (value !== null) ends.push({ name: curve.method, color: u.series[i + 1].stroke(), y: u.valToPos(value, 'y', true) })
    })
    ends.sort((a, b) => a.y - b.y)
    const { left, top, width, height } = u.bbox
    const shown = ends.filter((end) => end.y >= top - 1 && end.y <= top + height + 1)
    shown.forEach((end, i) => { if (i > 0) end.y = Math.max(end.y, shown[i - 1].y + 15 * ratio) })
    for (let i = shown.length - 1, limit = top + height; i >= 0; i--, limit -= 15 * ratio) shown[i].y = Math.min(shown[i].y, limit)
    u.ctx.save()
    u.ctx.font = '600 ' + 13 * ratio + 'px system-ui, sans-serif'
    u.ctx.textAlign = 'left'
    u.ctx.textBaseline = 'middle'
    for (const end of shown) {
      u.ctx.fillStyle = end.color
      u.ctx.fillText(end.name, left + width + 8 * ratio, end.y)
    }
    u.ctx.restore()
  }

  function draw() {
    const style = getComputedStyle(document.documentElement)
    const color = (name) => style.getPropertyValue(name).trim()
    const axis = { stroke: color('--muted'), grid: { stroke: color('--line'), width: 1 }, ticks: { stroke: color('--line'), width: 1 }, font: '12px system-ui, sans-serif', labelFont: '12px system-ui, sans-serif' }
    if (plot) plot.destroy()
    holder.textContent = ''
    plot = new uPlot({
      ...size(),
      padding: [12, 64, 0, 0],
      cursor: { points: { size: 8 }, drag: { x: true, y: true, uni: 20 }, focus: { prox: 24 } },
      focus: { alpha: 0.35 },
      scales: { x: { time: false }, y: { range: (u, low, high) => u.zoomed ? [low, high] : focused ? data.focus : whole(low, high) } },
      axes: [
        { ...axis, label: 'training ' + data.unit, size: 34, labelSize: 22, values: (u, ticks) => ticks.map(short) },
        { ...axis, label: data.loss, size: 64, values: (u, ticks) => ticks.map((tick) => +tick.toPrecision(5)) },
      ],
      series: [
        { label: data.unit, value: (u, value) => value === null || value === undefined ? '–' : value.toLocaleString('en') },
        ...data.curves.map((curve) => {
          const stroke = color('--curve-' + (curve.order % 6))
          return {
            label: curve.kind === 'nearest' ? curve.method + ', quantized' : curve.method + ', full precision',
            stroke,
            width: curve.kind === 'nearest' ? 2.5 : 1,
            dash: curve.kind === 'nearest' ? undefined : [5, 4],
            points: { show: curve.kind === 'nearest', size: 6, fill: stroke },
            spanGaps: true,
            value: (u, value) => value === null || value === undefined ? '–' : +value.toPrecision(5),
          }
        }),
      ],
      legend: {
        markers: {
          fill: (u, i) => i > 0 && data.curves[i - 1].kind === 'nearest' ? u.series[i].stroke() : 'transparent',
          dash: (u, i) => i > 0 && data.curves[i - 1].kind === 'nearest' ? 'solid' : 'dashed',
        },
      },
      hooks: {
        // Until something is pointed at, the legend shows where the run ended.
        ready: [(u) => u.setLegend({ idx: data.at.length - 1 })],
        draw: [labels],
        // A rectangle drawn by hand zooms both axes; without this mark the range above would undo the vertical half.
        setSelect: [(u) => { u.zoomed = u.select.height > 0 && u.select.width > 0 }],
      },
    }, reduced, holder)
    plot.over.addEventListener('dblclick', () => show(false))
  }

  const whole = (low, high) => { const margin = 0.05 * (high - low || 1); return [low - margin, high + margin] }

  function show(end) {
    focused = end
    for (const [id, pressed] of [['show-end', end], ['show-all', !end]]) document.getElementById(id).setAttribute('aria-pressed', String(pressed))
    draw()
  }

  document.getElementById('show-end').addEventListener('click', () => show(true))
  document.getElementById('show-all').addEventListener('click', () => show(false))
  dark.addEventListener('change', draw)
  new ResizeObserver(() => plot && plot.width !== size().width && plot.setSize(size())).observe(holder)
  document.getElementById('chart-controls').hidden = false
  show(true)
})()
`
