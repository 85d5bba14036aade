// The process of a local npm registry. Comes in: from the parent that forked it, a folder for what is
// published. Goes out: a message with the port on 127.0.0.1; it ends with its parent. It knows the packages
// of the scope that are published into it and asks nobody for any other: there is no uplink.
import { join } from 'node:path'
import { runServer } from 'verdaccio'
import { scope } from './scratch-clone.mjs'

const storage = process.argv[2]
if (storage === undefined || process.send === undefined)
  throw new Error('registry-server: expected to be forked with a folder, see local-registry.mjs')

const everybody = { access: ['$all'], publish: ['$all'], unpublish: ['$all'] }
const server = await runServer({
  storage,
  self_path: storage,
  uplinks: {},
  packages: { [`${scope}/*`]: everybody },
  auth: { htpasswd: { file: join(storage, 'htpasswd'), max_users: -1 } },
  web: { enable: false },
  max_body_size: '50mb',
  log: { type: 'stdout', format: 'pretty', level: 'error' },
})
process.on('disconnect', () => process.exit(0))
server.listen(0, '127.0.0.1', () => process.send?.({ port: server.address().port }))
