// Cases of the elementwise kernel rules. Comes in: nothing. Goes out: cases, whose operands are not near
// kinks, poles and ties, except where the case says otherwise.

import * as tf from '@tensorflow/tfjs-core'
import {
  floats,
  intList,
  ints,
  type KernelCase,
  list,
  ofOne,
  ofTwo,
  present,
  valueOfOne,
  valueOfTwo,
} from './kernel-cases.js'

const positive = floats([3, 5], 0.1, 3)
const unit = floats([3, 5], -0.9, 0.9)
const small = list([1e-7, -1e-7, 3e-6, -2e-5, 1e-4, -1e-3, 0.01, -0.1])
const large = list([-120, -90, -60, -30, -17, 17, 30, 60, 80])
const special = list([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1, 0, 1])
const signs = list([7, -7, 7, -7, 6, -6], [6])
const divisors = list([3, 3, -3, -3, 2.5, 2.5], [6])
const intSigns = intList([7, -7, 7, -7, 6, -6])
const intDivisors = intList([3, 3, -3, -3, 2, 2])
const asBool = (x: tf.Tensor): tf.Tensor => tf.cast(x, 'bool')

/** Cases of one operand. */
export const unaryCases: readonly KernelCase[] = [
  ofOne('abs', tf.abs),
  valueOfOne('abs of integers', tf.abs, intSigns),
  ofOne('acos', tf.acos, unit),
  ofOne('acosh', tf.acosh, floats([3, 5], 1.2, 4)),
  ofOne('asin', tf.asin, unit),
  ofOne('asinh', tf.asinh),
  ofOne('atan', tf.atan),
  ofOne('atanh', tf.atanh, unit),
  ofOne('ceil', tf.ceil),
  ofOne('clipByValue', (x) => tf.clipByValue(x, -1, 1.1)),
  ofOne('cos', tf.cos),
  ofOne('cosh', tf.cosh),
  ofOne('elu', tf.elu),
  ofOne('erf', tf.erf),
  ofOne('exp', tf.exp),
  ofOne('expm1', tf.expm1),
  ofOne('expm1 near 0', tf.expm1, small),
  valueOfOne('expm1 far from 0', tf.expm1, large),
  ofOne('floor', tf.floor),
  ofOne('identity (clone)', (x) => tf.mul(tf.clone(x), 2)),
  ofOne('leakyRelu', (x) => tf.leakyRelu(x, 0.1)),
  ofOne('log', tf.log, positive),
  ofOne('log1p', tf.log1p, floats([3, 5], -0.8, 40)),
  ofOne('log1p near 0', tf.log1p, small),
  valueOfOne('log1p of infinity, 0 and NaN', tf.log1p, special),
  ofOne('logSigmoid', tf.logSigmoid),
  ofOne('neg', tf.neg),
  valueOfOne('neg of integers', tf.neg, intSigns),
  ofOne('reciprocal', tf.reciprocal, positive),
  ofOne('relu', tf.relu),
  ofOne('relu6', tf.relu6, floats([4, 5], -3, 9)),
  ofOne('round, halves to even', tf.round, list([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 2.4, 2.6])),
  ofOne('rsqrt', tf.rsqrt, positive),
  ofOne('selu', tf.selu),
  ofOne('sigmoid', tf.sigmoid),
  valueOfOne('sigmoid, saturated', tf.sigmoid, large),
  ofOne('sign', tf.sign),
  ofOne('sin', tf.sin),
  ofOne('sinh', tf.sinh),
  ofOne('softplus', tf.softplus),
  valueOfOne('softplus tails', tf.softplus, list([-80, -30, -17, -12, 12, 17, 30, 80])),
  ofOne('sqrt', tf.sqrt, positive),
  ofOne('square', tf.square),
  valueOfOne('square of integers', tf.square, intSigns),
  ofOne('step', (x) => tf.step(x)),
  ofOne('step with a slope', (x) => tf.step(x, 0.3)),
  valueOfOne('step at 0 and NaN', (x) => tf.step(x), list([0, -0, Number.NaN, 1, -1])),
  ofOne('tan', tf.tan, floats([3, 5], -1.3, 1.3)),
  ofOne('tanh', tf.tanh),
  valueOfOne('isNaN', tf.isNaN, special),
  valueOfOne('isInf', tf.isInf, special),
  valueOfOne('isFinite', tf.isFinite, special),
  valueOfOne('logicalNot', (x) => tf.logicalNot(asBool(x)), list([0, 1, 2, 0])),
  ofOne('cast to float', (x) => tf.cast(x, 'float32')),
  valueOfOne('cast to int truncates', (x) => tf.cast(x, 'int32'), list([-1.7, -0.2, 0.2, 1.7, 2.5])),
  valueOfOne('cast to bool', asBool, list([0, 0.5, -1, 3])),
  valueOfOne('cast of bool to int', (x) => tf.cast(asBool(x), 'int32'), list([0, 0.5, -1, 3])),
  valueOfOne('cast of int to float', (x) => tf.cast(x, 'float32'), ints([7], 5)),
]

/** Cases of several operands. */
export const binaryCases: readonly KernelCase[] = [
  ofTwo('add', tf.add),
  ofTwo('add, broadcast both ways', tf.add, floats([3, 1, 5]), floats([4, 1])),
  valueOfTwo('add of integers', tf.add, intSigns, intDivisors),
  ofTwo('add of a float and an integer', tf.add, floats([6]), intDivisors),
  {
    name: 'addN',
    inputs: { a: floats([2, 3]), b: floats([2, 3], 0, 1), c: floats([2, 3], 3, 4) },
    fn: ({ a, b, c }) => tf.addN([present(a), present(b), present(c)]),
    differentiate: ['a', 'b', 'c'],
  },
  ofTwo('sub, broadcast', tf.sub, floats([5]), floats([2, 3, 1])),
  ofTwo('mul, broadcast', tf.mul, floats([2, 3, 1]), floats([3, 4])),
  valueOfTwo('mul of integers', tf.mul, intSigns, intDivisors),
  ofTwo('div', tf.div, floats([3, 5]), floats([3, 5], 0.5, 2)),
  ofTwo('div, scalar divisor', tf.div, floats([3, 5]), floats([], 0.5, 2)),
  valueOfTwo('div of integers is floorDiv', tf.div, intSigns, intDivisors),
  valueOfTwo('floorDiv', tf.floorDiv, signs, divisors),
  ofTwo('mod', tf.mod, signs, divisors),
  valueOfTwo('mod of integers', tf.mod, intSigns, intDivisors),
  ofTwo('maximum', tf.maximum),
  // tfjs does not sum the gradients of a broadcast maximum or squaredDifference over the repeated axes.
  valueOfTwo('maximum, broadcast', tf.maximum, floats([3, 5]), floats([5], -1.1, 1.3)),
  ofTwo('minimum', tf.minimum),
  valueOfTwo('minimum of integers', tf.minimum, intSigns, intDivisors),
  ofTwo('pow', tf.pow, positive, floats([3, 5], -1.5, 2.5)),
  valueOfTwo('pow of integers', tf.pow, intList([2, 3, -2, 5]), intList([3, 2, 3, 0])),
  ofTwo('squaredDifference', tf.squaredDifference),
  valueOfTwo('squaredDifference, broadcast', tf.squaredDifference, floats([3, 5]), floats([5], 0, 3)),
  ofTwo('atan2', tf.atan2),
  valueOfTwo('atan2 on the axes', tf.atan2, list([0, 1, -1, 0, 2]), list([1, 0, 0, -1, -2])),
  ofTwo('prelu', tf.prelu, floats([3, 5]), floats([5], 0.1, 0.4)),
  valueOfTwo('equal', tf.equal, ints([12], 4), ints([12], 3)),
  valueOfTwo('equal of floats', tf.equal, list([1, 2, 3]), list([1, 2.5, 3])),
  valueOfTwo(
    'equal of booleans',
    (a, b) => tf.equal(asBool(a), asBool(b)),
    list([0, 1, 0, 1]),
    list([0, 0, 1, 1]),
  ),
  valueOfTwo('notEqual', tf.notEqual, ints([12], 4), ints([12], 3)),
  valueOfTwo('greater, broadcast', tf.greater, floats([4, 1]), floats([5])),
  valueOfTwo('greaterEqual', tf.greaterEqual, ints([12], 4), ints([12], 3)),
  valueOfTwo('less', tf.less, ints([12], 4), ints([12], 3)),
  valueOfTwo(
    'less of booleans',
    (a, b) => tf.less(asBool(a), asBool(b)),
    list([0, 1, 0, 1]),
    list([0, 0, 1, 1]),
  ),
  valueOfTwo('lessEqual', tf.lessEqual, floats([4, 1]), floats([5])),
  valueOfTwo(
    'logicalAnd',
    (a, b) => tf.logicalAnd(asBool(a), asBool(b)),
    list([0, 1, 0, 1]),
    list([0, 0, 1, 1]),
  ),
  valueOfTwo(
    'logicalOr',
    (a, b) => tf.logicalOr(asBool(a), asBool(b)),
    list([0, 1, 0, 1]),
    list([0, 0, 1, 1]),
  ),
  valueOfTwo(
    'logicalXor',
    (a, b) => tf.logicalXor(asBool(a), asBool(b)),
    list([0, 1, 0, 1]),
    list([0, 0, 1, 1]),
  ),
  ofTwo('where', (a, b) => tf.where(tf.greater(tf.range(0, 5), 2), a, b)),
  valueOfTwo('where over integers', (a, b) => tf.where(tf.less(a, b), a, b), intSigns, intDivisors),
  valueOfTwo(
    'where over booleans',
    (a, b) => tf.where(tf.less(a, b), asBool(a), asBool(b)),
    list([0, 1, 0, 1]),
    list([0, 0, 1, 1]),
  ),
]
