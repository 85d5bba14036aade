// An updater of parameters by path, for variables by name. Names of variables count the models of a process,
// so draws keyed by them would differ between two runs of one program. Comes in: an updater over paths. Goes
// out: the same over names.

import type { Tree } from '@lotion/core'
import type { Updater } from '@lotion/optim'
import type * as tfjs from '@tensorflow/tfjs-core'
import type { TensorUpdater } from '../tensor-updater.js'

/** An updater that tells the rates of a step. */
export type Rated = TensorUpdater & Pick<Updater<tfjs.Tensor>, 'rates'>

/** Names both ways. */
export interface Naming {
  readonly variableOf: (path: string) => string
  readonly pathOf: (variable: string) => string
  byPath<T>(tree: Tree<T>): Tree<T>
  byVariable<T>(tree: Tree<T>): Tree<T>
}

/** Make the way back; what is not listed keeps its name. */
export function namingOf(paths: ReadonlyMap<string, string>): Naming {
  const variables = new Map([...paths].map(([variable, path]) => [path, variable]))
  const variableOf = (path: string): string => variables.get(path) ?? path
  const pathOf = (variable: string): string => paths.get(variable) ?? variable
  const rekeyed = <T>(tree: Tree<T>, to: (name: string) => string): Tree<T> =>
    Object.fromEntries(Object.entries(tree).map(([name, value]) => [to(name), value]))
  return {
    variableOf,
    pathOf,
    byPath: (tree) => rekeyed(tree, pathOf),
    byVariable: (tree) => rekeyed(tree, variableOf),
  }
}

/** Let an updater over paths step variables by their names. */
export function named(updater: Rated, { variableOf, byPath, byVariable }: Naming): Rated {
  const { point, quantized } = updater
  return {
    ...updater,
    ...(quantized ? { quantized: byVariable(quantized) } : {}),
    ...(point
      ? {
          point: {
            method: point.method,
            names: point.names.map(variableOf),
            at: (params, moment) => byVariable(point.at(byPath(params), moment)),
          },
        }
      : {}),
    init: () => byVariable(updater.init()),
    step: (params, state, result, { updates, ...at }) => {
      updater.step(
        byPath(params),
        byPath(state),
        { ...result, gradients: byPath(result.gradients) },
        { ...at, ...(updates ? { updates: byPath(updates) } : {}) },
      )
    },
  }
}
