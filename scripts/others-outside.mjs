// Plugin of esbuild: packages of others stay outside of a bundle, ours go in. Comes in: those of ours that
// stay outside too. Goes out: the plugin.

/** @param {readonly string[]} [apart] names of packages of ours @returns {import('esbuild').Plugin} */
export const othersOutside = (apart = []) => ({
  name: 'others stay outside',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^[^./#]/ }, ({ kind, path }) => {
      const isOurs =
        path.startsWith('@lotion/') && !apart.some((name) => path === name || path.startsWith(`${name}/`))
      return kind === 'entry-point' || isOurs ? undefined : { path, external: true }
    }),
})
