import { gaussian, randomizedRounding } from '@lotion/noise'
import { expect, it } from 'vitest'
import { noisePicture } from './noise-picture.js'

it('draws variance and smoothed loss, the same every time', () => {
  const text = noisePicture(randomizedRounding)
  expect(text).toBe(noisePicture(randomizedRounding))
  const curves = [...text.matchAll(/points="([^"]*)"/g)].map(([, points]) =>
    points!.split(' ').map((pair) => pair.split(',').map(Number)),
  )
  expect(curves.map((curve) => curve.length)).toEqual([151, 151, 151])
  // The variance touches the axis at grid points and nowhere else; heights count downwards.
  const lowest = Math.max(...curves[0]!.map(([, y]) => y!))
  expect(curves[0]!.flatMap(([, y], i) => (y === lowest ? [i] : []))).toEqual([0, 50, 100, 150])
  // The smoothed loss is nowhere below the loss, and meets it at grid points.
  const [plain, smoothed] = [curves[1]!, curves[2]!]
  expect(smoothed.every(([, y], i) => y! <= plain[i]![1]!)).toBe(true)
  expect([0, 50, 100, 150].every((i) => smoothed[i]![1] === plain[i]![1])).toBe(true)
})

it('draws noises without atoms too', () => {
  expect(noisePicture(gaussian(0.5))).toContain('<title>gaussian(0.5): variance and smoothed loss</title>')
})
