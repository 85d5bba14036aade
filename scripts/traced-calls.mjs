// System calls that leave the machine or a folder. Comes in: what strace wrote about one thread. Goes out: a
// line a fault. Pure, so that it can be tested. Source: strace(1), connect(2), bind(2), open(2).

/** Places that hold nothing of anybody's, or belong to the process or the system for as long as it runs. */
const system = /^\/(?:dev\/(?:null|tty|pts\/|shm\/)|proc\/)/

/**
 * List the calls of a thread that connect, listen or send anywhere but on this machine, ask a name server, or
 * open a file for writing outside `roots`. Local sockets are allowed below `temporary`, and those of the
 * system that hold names of users.
 * @param {string} trace
 * @param {{ readonly roots: readonly string[], readonly temporary: string }} allowed
 * @returns {string[]}
 */
export function foreignCalls(trace, { roots, temporary }) {
  return trace.split('\n').flatMap((line) => {
    const [, call = '', rest = ''] = /^(?:\[pid +\d+\] )?(\w+)\((.*)$/.exec(line) ?? []
    if (/^(?:connect|bind|sendto|sendmsg|sendmmsg)$/.test(call)) return socketFault(call, rest, temporary)
    if (/^(?:open|openat|creat)$/.test(call)) return fileFault(call, rest, roots)
    return []
  })
}

/** @param {string} call @param {string} rest @param {string} temporary @returns {string[]} */
function socketFault(call, rest, temporary) {
  const [, family = ''] = /sa_family=(\w+)/.exec(rest) ?? []
  if (family === 'AF_INET' || family === 'AF_INET6') {
    const address =
      /inet_addr\("([^"]*)"\)/.exec(rest)?.[1] ?? /inet_pton\(AF_INET6, "([^"]*)"/.exec(rest)?.[1] ?? '?'
    const port = /htons\((\d+)\)/.exec(rest)?.[1]
    if (port === '53') return [`${call}: a name server, ${address}`]
    return /^127\.|^::1$|^::ffff:127\./.test(address) ? [] : [`${call}: ${address} port ${port ?? '?'}`]
  }
  if (family === 'AF_UNIX') {
    const path = /sun_path=@?"([^"]*)"/.exec(rest)?.[1] ?? ''
    const local =
      path === '' ||
      /^\/(?:var\/)?run\/nscd\//.test(path) ||
      (temporary !== '' && path.startsWith(`${temporary}/`))
    return local ? [] : [`${call}: the socket ${path}`]
  }
  return []
}

/** @param {string} call @param {string} rest @param {readonly string[]} roots @returns {string[]} */
function fileFault(call, rest, roots) {
  if (call !== 'creat' && !/\bO_(?:WRONLY|RDWR|CREAT)\b/.test(rest)) return []
  if (/= -1 \w+/.test(rest)) return []
  const path = /"((?:[^"\\]|\\.)*)"/.exec(rest)?.[1] ?? ''
  // A relative path is below the folder that the command was started in, which is looked through afterwards.
  if (!path.startsWith('/') || system.test(path) || roots.some((folder) => path.startsWith(`${folder}/`)))
    return []
  return [`${call} for writing: ${path}`]
}
