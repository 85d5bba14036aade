// A run that a figure plays. Comes in: a bowl. Goes out: what is chosen, the present moment, the ends of runs, and
// `start`.

import { perRow } from '@lotion/core'
import { fp4, int2, int3, int4, withBlock } from '@lotion/formats'
import { onBeforeUnmount, ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { bowlTraining, STEPS, type Bowl, type MethodName, type Moment } from './bowl-training.js'

/** The formats to choose from, one block for all weights. */
export const formats = Object.fromEntries(
  [int2, int3, int4, fp4].map((format) => [format.name, withBlock(format, perRow)]),
)

/** The end of a run. */
export interface Ending {
  readonly name: string
  readonly loss: number
  readonly castLoss: number
}

/** A figure's run. */
export interface Playing {
  readonly format: Ref<string>
  readonly method: Ref<string>
  readonly lambda: Ref<number>
  readonly moment: ShallowRef<Moment>
  readonly endings: ShallowRef<readonly Ending[]>
  readonly isRunning: Ref<boolean>
  readonly start: () => void
}

/** Steps between two pictures: a run takes a few seconds. */
const STRIDE = 5

/** Play runs on a bowl. Who asks for less motion sees the end at once. */
export function useTraining(bowl: Bowl): Playing {
  const [format, method, lambda] = [ref('int3'), ref('lotion'), ref(1)]
  const chosen = (): Generator<Moment> =>
    bowlTraining(bowl, {
      format: formats[format.value]!,
      method: method.value as MethodName,
      lambda: lambda.value,
    })
  const moment = shallowRef(chosen().next().value as Moment)
  const endings = shallowRef<readonly Ending[]>([])
  const isRunning = ref(false)
  let frame = 0
  const start = (): void => {
    cancelAnimationFrame(frame)
    isRunning.value = true
    const name = `${method.value}${method.value === 'lotion' ? `, λ = ${lambda.value}` : ''}, ${format.value}`
    const run = chosen()
    const stride = matchMedia('(prefers-reduced-motion: reduce)').matches ? STEPS + 1 : STRIDE
    const advance = (): void => {
      for (let i = 0; i < stride; i++) {
        const next = run.next()
        if (next.done) {
          const { loss, castLoss } = moment.value
          isRunning.value = false
          endings.value = [
            ...endings.value.filter((ending) => ending.name !== name),
            { name, loss, castLoss },
          ]
          return
        }
        moment.value = next.value
      }
      frame = requestAnimationFrame(advance)
    }
    advance()
  }
  onBeforeUnmount(() => cancelAnimationFrame(frame))
  return { format, method, lambda, moment, endings, isRunning, start }
}
