// Tests of what counts as leaving the machine or the folder. Lines are as strace writes them.
import { describe, expect, it } from 'vitest'
import { foreignCalls } from './traced-calls.mjs'

const allowed = { roots: ['/data'], temporary: '/tmp/own' }
const faults = (line: string) => foreignCalls(line, allowed)

describe('foreignCalls', () => {
  it.each([
    [
      'connect(21, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("127.0.0.53")}, 16) = 0',
      /a name server/,
    ],
    [
      'connect(21, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr("203.0.113.7")}, 16) = -1 EINPROGRESS',
      /203\.0\.113\.7 port 443/,
    ],
    [
      'connect(3, {sa_family=AF_INET6, sin6_port=htons(443), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "2001:db8::1", &sin6_addr), sin6_scope_id=0}, 28) = 0',
      /2001:db8::1 port 443/,
    ],
    [
      'bind(3, {sa_family=AF_INET, sin_port=htons(8080), sin_addr=inet_addr("0.0.0.0")}, 16) = 0',
      /bind: 0\.0\.0\.0 port 8080/,
    ],
    [
      'sendto(4, "x", 1, MSG_NOSIGNAL, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("192.0.2.1")}, 16) = 1',
      /a name server, 192\.0\.2\.1/,
    ],
    [
      'connect(19, {sa_family=AF_UNIX, sun_path="/tmp/tsx-0/1.pipe"}, 110) = -1 ENOENT',
      /the socket \/tmp\/tsx-0/,
    ],
    [
      'openat(AT_FDCWD, "/home/user/.cache/Vendor/deviceid", O_WRONLY|O_CREAT|O_TRUNC, 0666) = 30',
      /for writing: \/home\/user\/\.cache/,
    ],
    ['creat("/var/tmp/x", 0600) = 3', /creat for writing: \/var\/tmp\/x/],
  ])('finds %s', (line, message) => {
    expect(faults(line)).toEqual([expect.stringMatching(message)])
  })

  it.each([
    'connect(3, {sa_family=AF_INET, sin_port=htons(9229), sin_addr=inet_addr("127.0.0.1")}, 16) = 0',
    'bind(3, {sa_family=AF_INET6, sin6_port=htons(0), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "::1", &sin6_addr), sin6_scope_id=0}, 28) = 0',
    'connect(5, {sa_family=AF_UNIX, sun_path="/var/run/nscd/socket"}, 110) = -1 ENOENT (No such file or directory)',
    'connect(5, {sa_family=AF_UNIX, sun_path="/tmp/own/tsx-0/1.pipe"}, 110) = -1 ENOENT (No such file or directory)',
    'openat(AT_FDCWD, "/data/run/metrics.jsonl", O_WRONLY|O_CREAT|O_EXCL|O_CLOEXEC, 0666) = 21',
    'openat(AT_FDCWD, "/usr/lib/libc.so.6", O_RDONLY|O_CLOEXEC) = 3',
    'openat(AT_FDCWD, "/dev/null", O_RDWR|O_CLOEXEC) = 3',
    'openat(AT_FDCWD, "/home/user/nothing", O_RDWR|O_CLOEXEC) = -1 ENOENT (No such file or directory)',
    'socketpair(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC|SOCK_NONBLOCK, 0, [21, 22]) = 0',
    '+++ exited with 0 +++',
  ])('has nothing against %s', (line) => {
    expect(faults(line)).toEqual([])
  })
})
