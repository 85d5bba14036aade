// Which way each formula ran. Comes in: calls as they run. Goes out: a record for people and tests.
// Source: docs/design/09-tfjs.md.

/** How a formula last ran on a backend. */
export interface TfjsRoute {
  /** Name of the lane function. */
  readonly formula: string
  /** Name of tfjs's backend at the time of the call. */
  readonly backend: string
  /** By CPU kernels on the tensors' memory, as few programs, or an operation of tfjs for each node. */
  readonly route: 'host memory' | 'programs' | 'op by op'
  /** How many programs; long blocks and totals take a few more of tfjs's own. */
  readonly programs?: number
  /** Why not a faster way. */
  readonly reason?: string
}

/** Notes routes: the last of each formula on each backend. */
export interface RouteBook {
  note(route: TfjsRoute): void
  read(): readonly TfjsRoute[]
}

/** Open an empty book. */
export function routeBook(): RouteBook {
  const routes = new Map<string, TfjsRoute>()
  return {
    note: (route) => void routes.set(`${route.backend}\n${route.formula}`, Object.freeze(route)),
    read: () => [...routes.values()],
  }
}
