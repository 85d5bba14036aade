// Records of TensorBoard's event files, as bytes. Comes in: times, steps, numbers by tag. Goes out: records
// to be written one after the other.
// Source: TensorFlow's record_writer.h (length, masked checksum of the length, data, masked checksum of the
// data), event.proto and summary.proto; the checksum is CRC-32C, RFC 3720, appendix B.4.

import { protobuf } from '@lotion/core/internal'

const { double, float, integer, joined, message, string } = protobuf

/** The reversed polynomial of CRC-32C. */
const POLYNOMIAL = 0x82f63b78

const checksums = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1
  return value
})

/** Numbers of one moment. */
export interface ScalarEvent {
  /** Seconds since 1970. */
  readonly time: number
  readonly step: number
  /** By tag; a tag's part before `/` is its group. */
  readonly values: Readonly<Record<string, number>>
}

/** The record that an event file begins with. */
export const versionRecord = (time: number): Uint8Array => framed(double(1, time), string(3, 'brain.Event:2'))

/** The record of some numbers. */
export const scalarRecord = ({ time, step, values }: ScalarEvent): Uint8Array =>
  framed(
    double(1, time),
    integer(2, step),
    message(5, ...Object.entries(values).map(([tag, value]) => message(1, string(1, tag), float(2, value)))),
  )

/** CRC-32C, turned and shifted as the format wants it: a checksum of data that holds checksums is weak. */
export function maskedChecksum(data: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of data) crc = checksums[(crc ^ byte) & 0xff]! ^ (crc >>> 8)
  crc = ~crc >>> 0
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0
}

function framed(...fields: readonly Uint8Array[]): Uint8Array {
  const data = joined(fields)
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(data.length))
  return joined([length, checksum(length), data, checksum(data)])
}

function checksum(data: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(maskedChecksum(data))
  return bytes
}
