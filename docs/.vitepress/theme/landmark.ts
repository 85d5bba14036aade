// A landmark for screen readers. VitePress puts articles into `main`, and leaves its home page and its page
// for what is not found without one.

import { useData } from 'vitepress'
import { onMounted, watch } from 'vue'

/** Give what a page is about the role `main`, where nothing has it yet; again after each change of page. */
export function useMainLandmark(): void {
  const { page } = useData()
  const mark = (): void => {
    const content = document.querySelector('#VPContent')
    if (content?.querySelector('main')) content.removeAttribute('role')
    else content?.setAttribute('role', 'main')
  }
  onMounted(mark)
  watch(() => page.value.relativePath, mark, { flush: 'post' })
}
