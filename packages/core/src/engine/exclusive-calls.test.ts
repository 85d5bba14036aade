import { describe, expect, it } from 'vitest'
import { exclusiveCalls } from './exclusive-calls.js'

const gate = (): { readonly open: () => void; readonly passed: Promise<void> } => {
  let open = (): void => {}
  const passed = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open: () => open(), passed }
}

describe('exclusiveCalls', () => {
  it('passes results and errors on, and is free again after both', async () => {
    const calls = exclusiveCalls('s')
    expect(await calls.run(async () => 1)).toBe(1)
    await expect(calls.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await calls.run(async () => 2)).toBe(2)
  })

  it('refuses a call while one is under way', async () => {
    const calls = exclusiveCalls('s')
    const { open, passed } = gate()
    const first = calls.run(() => passed)
    await expect(calls.run(async () => 1)).rejects.toThrow("step 's' is still running")
    open()
    await first
  })

  it('closes once: interrupts, waits, releases, refuses', async () => {
    const events: string[] = []
    const { open, passed } = gate()
    const calls = exclusiveCalls(
      's',
      async () => void events.push('release'),
      () => {
        events.push('interrupt')
        open()
      },
    )
    const run = calls.run(async () => {
      await passed
      events.push('end')
    })
    const closing = calls.close()
    expect(calls.close()).toBe(closing)
    await closing
    await run
    expect(events).toEqual(['interrupt', 'end', 'release'])
    await expect(calls.run(async () => 1)).rejects.toThrow("step 's' is closed")
  })

  it('does not interrupt when nothing runs', async () => {
    let interrupted = false
    await exclusiveCalls(
      's',
      async () => {},
      () => {
        interrupted = true
      },
    ).close()
    expect(interrupted).toBe(false)
  })
})
