// The public surface of @lotion/matrix, for the scripts of this repository.
export * from './lane-functions.js'
export * from './matrix-table.js'
export * from './run-matrix.js'
