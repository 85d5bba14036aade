// Bell-shaped laws whose quantiles need square roots only. Comes in: a uniform. Goes out: a standard
// quantile.
// Source: Hastings et al. 1947; Joiner & Rosenblatt 1971 (Tukey's symmetric lambda law).

import type { Lane } from '@lotion/core'

/** A quantile function of mean 0 and variance 1. @param u Uniform in [0, 1). @experimental */
export type Quantile = (u: Lane) => Lane

/**
 * Tukey's law with λ = 2^−roots: Q(u) = (u^λ − (1 − u)^λ) / (λ σ). Bounded by ±1 / (λ σ); λ = 1/8 resembles
 * the normal, λ → 0 is the logistic. `variance` is σ² = (2 / λ²) (1 / (1 + 2λ) − Γ(1 + λ)² / Γ(2 + 2λ)).
 * @param roots How many square roots make the power λ: a whole number, at least 0.
 * @param variance σ² of the law with this λ, which it is divided by.
 * @experimental
 */
export function tukeyLambda(roots: number, variance: number): Quantile {
  const power = (u: Lane): Lane => Array.from({ length: roots }).reduce<Lane>((root) => root.sqrt(), u)
  const factor = 2 ** roots / Math.sqrt(variance)
  // 0 − u + 1, not 1 − u: a lane has to come first. Exact for the 24-bit uniforms.
  return (u) =>
    power(u)
      .sub(power(u.mul(-1).add(1)))
      .mul(factor)
}
