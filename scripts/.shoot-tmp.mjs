import { chromium } from 'playwright-core'
const [,, file, out] = process.argv
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
for (const [name, w, scheme, tops] of [['light',1280,'light',[0,2000,4000]],['dark',1280,'dark',[0]],['phone',390,'light',[0]]]) {
  const tab = await (await browser.newContext({ viewport: { width: w, height: 900 }, colorScheme: scheme })).newPage()
  await tab.goto('file://' + file)
  for (const y of tops) await tab.screenshot({ path: `${out}-${name}-${y}.png`, fullPage: true, clip: { x: 0, y, width: w, height: name === 'phone' ? 1900 : 2000 } })
}
await browser.close()
