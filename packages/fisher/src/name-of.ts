// Names of estimators in records. Comes in: a family's name, the numbers of a member. Goes out: a name that
// tells it from the other members.
// Source: the names of noises, such as `spread(0.3)`.

/**
 * Name a member of a family: the numbers that differ from the default, such as `empirical(beta=0.9)`, in
 * their order; the default member has the family's own name.
 * @param family The family's name.
 * @param numbers Each number, and its default.
 */
export function nameOf(
  family: string,
  numbers: Readonly<Record<string, readonly [value: number, usual: number]>>,
): string {
  const others = Object.entries(numbers).flatMap(([name, [value, usual]]) =>
    value === usual ? [] : [`${name}=${value}`],
  )
  return others.length === 0 ? family : `${family}(${others.join(', ')})`
}
