// The front page's picture, drawn when the site is built. Comes in: lane functions. Goes out: SVG.

import { hero } from './pictures/hero.js'

declare const data: string
export { data }

export default { load: (): string => hero() }
